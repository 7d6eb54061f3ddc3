import { digest } from "../../base/digest.ts";
import type {
  Comparison,
  ExperimentResult,
  WorkloadFacts,
} from "../../experiment/experiment-result.ts";
import type { CompletedTrial, TrialResult } from "../../experiment/trial-result.ts";
import type { Series, Values } from "../../metrics/measure.ts";
import { measures } from "../../metrics/measures.ts";
import { comparePaired } from "../../statistics/compare-paired.ts";
import { compareTable } from "../../statistics/compare-table.ts";

export interface SampleOptions {
  readonly policies?: readonly string[];
  readonly seeds?: number;
  readonly nodes?: number;
  /** Failed and skipped trials among the completed ones. */
  readonly failures?: boolean;
  readonly interrupted?: boolean;
  readonly workloads?: readonly ("openb" | "burst" | "steady")[];
  /** Margin of equivalence of the second primary measure. */
  readonly margin?: number;
  readonly nodeName?: (node: number) => string;
}

/** Better and better at packing, from first to last: how many points of GPU each allocates beyond the first. */
const skill: Readonly<Record<string, number>> = {
  default: 0,
  "most-allocated": 2.7,
  "requested-to-capacity-ratio": 2.2,
  "default-all-nodes": 0.05,
  "best-fit": 3.4,
  "first-fit": -1.6,
};

/** An experiment with every kind of row, from formulas and a small generator: no simulation, and the same every time. */
export function sampleResult({
  policies = Object.keys(skill).slice(0, 5),
  seeds = 20,
  nodes = 60,
  failures = true,
  interrupted = false,
  workloads = ["openb", "burst"],
  margin,
  nodeName = (node) => `openb-node-${String(node).padStart(4, "0")}`,
}: SampleOptions = {}): ExperimentResult {
  const seedNumbers = Array.from({ length: seeds }, (_, i) => 42 + i);
  const facts = workloads.map((name) => factsOf(name, nodes, nodeName));
  const trials = facts.flatMap((workload) =>
    policies.flatMap((policy, p) =>
      seedNumbers.map((seed, s): TrialResult => {
        const key = { workload: workload.name, policy, seed };
        if (interrupted && workload === facts[facts.length - 1] && s >= seeds / 2) return { ...key, state: "skipped" };
        if (failures && p === 1 && s === 3 && workload.name === "openb") {
          return {
            ...key,
            state: "failed",
            cause: "invariant",
            message: 'capacity exceeded on node "openb-node-0007": 9,000m of 8,000m cpu',
            replay: `stowage run openb.yaml --policy ${policy} --seed ${seed} --as fill:130%`,
          };
        }
        return completed(workload, policy, seed, nodes);
      }),
    ),
  );
  const finished = trials.filter(({ state }) => state === "completed").length;
  return {
    workloads: facts,
    policies: policies.map((name, i) => ({
      name,
      description: i === 0 ? "kube-scheduler's default profile" : `a policy of the sample: ${name}`,
      tieBreak: i === 0 ? "upstream" : "first",
      percentageOfNodesToScore: i === 0 ? 0 : 100,
      plugins: ["NodeResourcesFit", "TaintToleration"],
    })),
    baseline: policies[0],
    seeds: seedNumbers,
    trials,
    comparisons: facts.flatMap((workload) => comparisonsOf(workload, policies, trials, margin)),
    interrupted: interrupted ? { finished, planned: trials.length } : undefined,
    provenance: {
      stowage: "0.1.0",
      kubeScheduler: "v1.37.2",
      node: "v20.20.2",
      command: `stowage compare workloads/openb.yaml --policies ${policies.join(",")} --seeds ${seeds} --as fill:130%`,
      finishedAt: "2026-11-24T12:00:00Z",
      wallSeconds: 12.5,
      threads: 2,
      machine: { cpu: "Some CPU", cores: 2, memoryGiB: 8, platform: "linux x64" },
      inputs: { "workloads/openb.yaml": "0123456789abcdef" },
      digest: digest(...trials.map((trial) => (trial.state === "completed" ? trial.digest : trial.state))),
      limits: [
        { name: "maxEvents", value: 500_000_000, meaning: "events of one trial; more is an error" },
        { name: "bindingCostUs", value: 1000, meaning: "simulated time of one binding" },
      ],
    },
  };
}

function factsOf(name: "openb" | "burst" | "steady", nodes: number, nodeName: (node: number) => string): WorkloadFacts {
  const gpu = name === "openb";
  const deterministic = name === "burst";
  return {
    name,
    description: gpu ? `8,152 pods on ${nodes} nodes of the openb trace, made to arrive as fill:130%.` : "Pods in one burst.",
    source: `workloads/${name}.yaml`,
    as: gpu ? "fill:130%" : "",
    sameForEverySeed: name === "steady",
    seedMeans: deterministic
      ? "nothing: the workload draws no chance"
      : "another order in which the same pods arrive on the same nodes, and another draw of the pods that are repeated or left out",
    notModelled: gpu
      ? ["Pods arrive at 100 a second and none leaves: waiting times, queues and churn of the real cluster are not shown."]
      : [],
    notes: gpu ? ["The scarcest resource is nvidia.com/gpu: the list asks for 97.4% of what the nodes offer."] : [],
    primaryMeasures: gpu ? ["gpuAllocationAt130", "gpuFragmentationAt100", "podsPending"] : ["cpuAllocation", "waitingTimeP99"],
    nodes,
    nodeNames: Array.from({ length: nodes }, (_, node) => nodeName(node)),
    deterministic,
    findings: deterministic ? ["Every seed gives the same run under every policy."] : [],
  };
}

/** A number in 0..1 from words: no generator to keep in step. */
function chance(...words: readonly (string | number)[]): number {
  return Number.parseInt(digest(words.join("/")).slice(0, 8), 16) / 2 ** 32;
}

function completed(workload: WorkloadFacts, policy: string, seed: number, nodes: number): CompletedTrial {
  const luckSeed = workload.deterministic ? 42 : seed;
  const gain = (skill[policy] ?? 1) + (chance(workload.name, policy, luckSeed) - 0.5) * 0.9;
  const shared = (chance(workload.name, luckSeed) - 0.5) * 1.5;
  const allocation = 91 + shared + gain;
  const gpu = workload.name === "openb";
  const pending = Math.round(400 - 40 * gain + 30 * shared);
  const wait = gpu ? 0 : 12 + shared - gain;
  const known: Values = {
    podsCreated: 10_600,
    podsBound: 10_600 - pending,
    podsPending: pending,
    podsFinished: 0,
    podsDeleted: 0,
    waitingTimeP50: wait / 10,
    waitingTimeP90: wait,
    waitingTimeP99: gpu ? 106 : wait * 3,
    cpuAllocation: 60 + shared + gain / 2,
    cpuAllocationAtEnd: 71 + shared,
    memoryAllocation: 52 + shared - gain / 3,
    cpuImbalance: 0.4 - gain / 30,
    nodesUsed: nodes - Math.round(gain),
    nodesEmpty: Math.round(gain),
    attempts: 10_600 + 12 * pending,
    nodesEvaluated: (10_600 + 12 * pending) * nodes,
    ...(gpu
      ? {
          gpuAllocation: allocation - 20,
          gpuAllocationAt100: allocation - 4,
          gpuAllocationAt130: allocation,
          gpuFragmentationAt100: 40 + shared * 1.2 + (chance(policy, luckSeed) - 0.5),
          gpuFragmentation: 30 + shared,
        }
      : {}),
  };
  return {
    workload: workload.name,
    policy,
    seed,
    state: "completed",
    digest: digest(workload.name, policy, String(luckSeed)),
    measured: {
      values: Object.fromEntries(measures.map(({ name }) => [name, known[name] ?? null])),
      atLeast: gpu ? ["waitingTimeP99"] : [],
      series: seriesOf(gpu, allocation, pending, luckSeed),
      pendingByReason: {
        "Insufficient nvidia.com/gpu": Math.floor(pending * 0.8),
        "Insufficient cpu": pending - Math.floor(pending * 0.8),
      },
      nodesAtEnd: {
        resources: gpu ? ["cpu", "memory", "gpu"] : ["cpu", "memory"],
        percent: (gpu ? ["cpu", "memory", "gpu"] : ["cpu", "memory"]).map((resource) =>
          Float64Array.from({ length: nodes }, (_, node) =>
            resource === "gpu" && node % 11 === 0 ? Number.NaN : Math.min(100, 40 + gain * 8 + 60 * chance(resource, node)),
          ),
        ),
        pods: Int32Array.from({ length: nodes }, (_, node) => Math.floor(12 * chance("pods", node, policy))),
      },
    },
    simulatedSeconds: 106,
    events: 42_000 + seed,
    attempts: known["attempts"] ?? 0,
    wallSeconds: 0.3 + chance("wall", policy, seed) / 10,
  };
}

function seriesOf(gpu: boolean, allocation: number, pending: number, seed: number): Series[] {
  const asks = Float64Array.from({ length: 131 }, (_, ask) => ask);
  const seconds = Float64Array.from({ length: 256 }, (_, i) => (106 * i) / 255);
  const byAsk = (name: string, title: string, value: (ask: number) => number): Series => ({
    name,
    title,
    unit: "percent",
    atUnit: "percent arrived",
    at: asks,
    // The last place is out of this seed's reach.
    values: asks.map((ask) => (ask === 130 && seed % 7 === 0 ? Number.NaN : value(ask))),
  });
  const overTime = (name: string, title: string, unit: Series["unit"], value: (share: number) => number): Series => ({
    name,
    title,
    unit,
    atUnit: "seconds",
    at: seconds,
    values: seconds.map((second) => value(second / 106)),
  });
  const saturating = (ask: number) => Math.min(ask, allocation - 5 * Math.exp(-Math.max(0, ask - 86) / 14)) + (ask > 0 ? chance(seed, ask) / 5 : 0);
  return [
    ...(gpu
      ? [
          byAsk("gpuAllocationByAsk", "GPU allocation by arrived demand", saturating),
          byAsk("gpuFragmentationByAsk", "GPU fragmentation (percent of idle) by arrived demand", (ask) =>
            Math.min(100, 10 + (ask / 130) ** 3 * (180 - allocation)),
          ),
        ]
      : []),
    byAsk("cpuAllocationByAsk", "CPU allocation by arrived demand", (ask) => Math.min(ask, 70 + (allocation - 91) / 2)),
    overTime("cpuAllocationOverTime", "CPU allocation", "percent", (share) => 71 * share),
    overTime("podsPendingOverTime", "Pods pending", "pods", (share) => Math.round(pending * share ** 4)),
    overTime("podsRunningOverTime", "Pods running", "pods", (share) => Math.round((10_600 - pending) * share)),
  ];
}

function comparisonsOf(
  workload: WorkloadFacts,
  policies: readonly string[],
  trials: readonly TrialResult[],
  margin: number | undefined,
): Comparison[] {
  const [baseline, ...others] = policies;
  const of = (policy: string, seed: number) =>
    trials.find((trial) => trial.workload === workload.name && trial.policy === policy && trial.seed === seed);
  const pairs = (policy: string, measure: string) => {
    const seeds = [...new Set(trials.map(({ seed }) => seed))].flatMap((seed) => {
      const [a, b] = [of(baseline, seed), of(policy, seed)];
      return a?.state === "completed" && b?.state === "completed" ? [[a, b] as const] : [];
    });
    const read = (trial: CompletedTrial) => trial.measured.values[measure] ?? Number.NaN;
    return {
      baseline: seeds.map(([a]) => read(a)),
      policy: seeds.map(([, b]) => read(b)),
      censored: seeds.filter((pair) => pair.some(({ measured }) => measured.atLeast.includes(measure))).length,
    };
  };
  const unitOf = (unit: string) => (unit === "percent" ? "points" : unit === "seconds" ? "s" : unit);
  const primary = workload.primaryMeasures.flatMap((name, m) =>
    others.map((policy) => ({ policy, measure: measures.find((measure) => measure.name === name) ?? measures[0], margin: m === 1 ? margin : undefined })),
  );
  const rows = compareTable(
    primary.map(({ policy, measure, margin: within }) => ({
      ...pairs(policy, measure.name),
      unit: unitOf(measure.unit),
      better: measure.better === "lower" ? "lower" : "higher",
      deterministic: workload.deterministic,
      ...(within === undefined ? {} : { margin: within }),
    })),
  );
  const judged = primary.map(
    ({ policy, measure }, i): Comparison => ({
      workload: workload.name,
      policy,
      measure,
      row: { kind: "judged", ...rows[i] },
    }),
  );
  const explored = measures
    .filter(({ name }) => !workload.primaryMeasures.includes(name))
    .flatMap((measure) =>
      others.flatMap((policy): Comparison[] => {
        const { baseline: a, policy: b, censored } = pairs(policy, measure.name);
        if (a.length === 0 || a.some(Number.isNaN) || b.some(Number.isNaN)) return [];
        const key = { workload: workload.name, policy, measure };
        if (censored > 0) {
          const why = `censored in ${censored} of ${a.length} seeds: the true value is at least what is printed`;
          return [{ ...key, row: { kind: "incomparable", why, n: a.length, baselineMean: a[0], policyMean: b[0] } }];
        }
        const paired = comparePaired({
          baseline: a,
          policy: b,
          unit: unitOf(measure.unit),
          deterministic: workload.deterministic,
        });
        return [{ ...key, row: { kind: "explored", ...paired } }];
      }),
    );
  return [...judged, ...explored];
}
