import type { Profile } from "../scheduler/profile.ts";
import { COST_NAMES, DEFAULT_COSTS } from "../simulation/costs.ts";
import { DEFAULT_LIMITS } from "../simulation/limits.ts";
import { describeAs } from "../workload/as.ts";
import { drawScenario } from "../workload/draw-scenario.ts";
import type { Costs, Workload } from "../workload/workload.ts";
import type { ExperimentResult, PolicyFacts, WorkloadFacts } from "./experiment-result.ts";
import type { Plan } from "./plan.ts";
import { loadPolicy } from "./policy.ts";
import { KUBE_SCHEDULER_VERSION, machine, type Provenance } from "./provenance.ts";
import { unreadConstraints } from "./unread-constraints.ts";
import { stowageVersion } from "./version.ts";

/** The parts of a result that do not follow from its trials. */
export type ExperimentFrame = Omit<
  ExperimentResult,
  "trials" | "comparisons" | "tieSensitivity" | "workloads" | "provenance"
> & {
  readonly workloads: readonly StatedWorkload[];
  readonly provenance: Omit<Provenance, "digest">;
  readonly margin: number | undefined;
};

type StatedWorkload = Omit<WorkloadFacts, "deterministic" | "findings">;

export interface FrameOptions {
  readonly baseline: string;
  readonly margin: number | undefined;
  readonly threads: number;
  readonly command: string;
}

/** What is known of an experiment before any trial is run. */
export async function frameOf(plan: Plan, options: FrameOptions): Promise<ExperimentFrame> {
  const profiles = await Promise.all(
    plan.policies.map(({ reference }) => loadPolicy(reference, plan.tieBreak)),
  );
  return {
    workloads: plan.workloads.map((workload) =>
      workloadFacts(workload, unreadConstraints(workload, profiles)),
    ),
    policies: plan.policies.map(({ name }, i) => policyFacts(name, profiles[i])),
    baseline: options.baseline,
    seeds: plan.seeds,
    margin: options.margin,
    interrupted: undefined,
    provenance: provenance(options, plan),
  };
}

function workloadFacts(workload: Workload, unread: readonly string[]): StatedWorkload {
  const nodeNames = drawScenario(workload, 0).nodes.map(({ object }) => object.metadata?.name ?? "");
  return {
    name: workload.name,
    description: workload.description,
    source: workload.source,
    as: describeAs(workload),
    seedMeans: workload.seedMeans,
    sameForEverySeed: isSameForEverySeed(workload),
    notModelled: [...unread, ...workload.notModelled],
    notes: workload.notes,
    primaryMeasures: workload.primaryMeasures,
    nodes: nodeNames.length,
    nodeNames,
  };
}

function isSameForEverySeed({ content }: Workload): boolean {
  if (content.kind === "list") return content.as.mode === "replay" || content.as.mode === "pending";
  return content.kind === "phases";
}

function policyFacts(name: string, profile: Profile): PolicyFacts {
  return {
    name,
    description: profile.description,
    tieBreak: profile.tieBreak,
    percentageOfNodesToScore: profile.percentageOfNodesToScore,
    plugins: profile.plugins.map(({ plugin, weight }) =>
      plugin.score ? `${plugin.name} (${weight ?? 1})` : plugin.name,
    ),
  };
}

function provenance(options: FrameOptions, { workloads, policies }: Plan): ExperimentFrame["provenance"] {
  const inputs = [
    ...workloads.map(({ source, inputDigest }) => [source, inputDigest]),
    ...policies.flatMap(({ reference }) =>
      reference.kind === "configuration" ? [[reference.path, reference.digest]] : [],
    ),
  ];
  return {
    stowage: stowageVersion(),
    kubeScheduler: KUBE_SCHEDULER_VERSION,
    node: process.version,
    command: options.command,
    finishedAt: "",
    wallSeconds: 0,
    threads: options.threads,
    machine: machine(),
    inputs: Object.fromEntries(inputs) as Record<string, string>,
    limits: limitsInForce(workloads),
  };
}

function limitsInForce(workloads: readonly Workload[]): Provenance["limits"] {
  const costs = (Object.keys(DEFAULT_COSTS) as (keyof Costs)[]).map((name) => ({
    name,
    value: workloads[0]?.costs?.[name] ?? DEFAULT_COSTS[name],
    meaning: COST_NAMES[name],
  }));
  return [
    ...costs,
    {
      name: "maxEvents",
      value: DEFAULT_LIMITS.maxEvents,
      meaning: "events in one run, after which it stops with an error",
    },
    {
      name: "maxPods",
      value: DEFAULT_LIMITS.maxPods,
      meaning: "pods in one run, after which it stops with an error",
    },
  ];
}
