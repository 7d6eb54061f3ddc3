import type { FeatureGates } from "../configuration/feature-gates.ts";
import { checkInvariants } from "../invariants/check-invariants.ts";
import { measureTrace } from "../metrics/measure-trace.ts";
import { measures } from "../metrics/measures.ts";
import type { Profile, TieBreak } from "../scheduler/profile.ts";
import { encodeTrace } from "../trace/codec.ts";
import { traceDigest } from "../trace/trace-digest.ts";
import type { Workload } from "../workload/workload.ts";
import { type Algorithm, cyclesBy } from "./algorithm.ts";
import type { TogetherOption } from "./configuration-policy.ts";
import { replayCommand } from "./plan.ts";
import { machine } from "./provenance.ts";
import { type RunDecision, recordRun } from "./record-run.ts";
import { popularityOf, traceOf } from "./trial.ts";
import { stowageVersion } from "./version.ts";
import { workloadScheduler } from "./workload-scheduler.ts";

export interface RunOptions extends TogetherOption {
  readonly workload: Workload;
  /**
   * A shipped name, a KubeSchedulerConfiguration (`file` or `file#profile`), the path of a module, or a profile; when absent the
   * configuration that a scheduler_perf case names, or `default`.
   */
  readonly policy?: string | Profile | undefined;
  readonly seed: number;
  readonly tieBreak?: TieBreak | undefined;
  /** Who decides, with the same result; `index` when absent. */
  readonly algorithm?: Algorithm | undefined;
  /** Gates of a configuration file, or of a shipped profile that Kubernetes itself could run; over those of a scheduler_perf case. */
  readonly featureGates?: FeatureGates | undefined;
  readonly command?: string;
  /** Is handed the record of every attempt; each node is asked of each plugin for it, so that the run takes longer. */
  readonly onDecision?: ((decision: RunDecision) => void) | undefined;
}

/** What one run came to. All but `wallSeconds` and `provenance` is equal from run to run. */
export interface RunResult {
  readonly workload: string;
  readonly policy: string;
  readonly seed: number;
  readonly digest: string;
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
  readonly events: number;
  readonly pods: Readonly<
    Record<"created" | "bound" | "running" | "finished" | "pending" | "deleted", number>
  >;
  readonly measures: Readonly<
    Record<
      string,
      {
        readonly value: number | null;
        readonly unit: string;
        readonly better: string;
        readonly atLeast?: true;
      }
    >
  >;
  readonly pendingByReason: Readonly<Record<string, number>>;
  readonly invariants: Readonly<
    Record<string, "held" | { readonly violated: string; readonly replay: string }>
  >;
  readonly limits: Readonly<Record<string, number>>;
  readonly provenance: Readonly<Record<string, unknown>>;
  /** The encoded trace. */
  readonly trace: Uint8Array;
}

/**
 * Runs one policy on what one seed makes of a workload.
 * @throws UserError for an unknown policy, LimitReached when a limit of the simulation is reached
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const { workload, seed, tieBreak, algorithm } = options;
  const { policy, reference, profile, profiles } = await workloadScheduler(workload, options);
  const makeCycle = cyclesBy(algorithm ?? "index", reference);
  const startedMs = performance.now();
  const watching = options.onDecision && recordRun(options.onDecision);
  const trace = traceOf(workload, profile, policy, seed, { profiles, makeCycle, ...watching });
  const wallSeconds = (performance.now() - startedMs) / 1000;
  const { values, atLeast, pendingByReason } = measureTrace(trace, popularityOf(workload));
  const plan = {
    workloads: [workload],
    policies: [{ name: policy, reference }],
    seeds: [seed],
    tieBreak,
    algorithm,
  };
  const replay = replayCommand(plan, { workload: 0, policy: 0, seed });
  const count = (name: string) => values[name] ?? 0;
  return {
    workload: workload.name,
    policy,
    seed,
    digest: traceDigest(trace),
    simulatedSeconds: trace.facts.endUs / 1e6,
    wallSeconds,
    events: trace.facts.events,
    pods: {
      created: count("podsCreated"),
      bound: count("podsBound"),
      running: runningPods(trace.pods),
      finished: count("podsFinished"),
      pending: count("podsPending"),
      deleted: count("podsDeleted"),
    },
    measures: Object.fromEntries(
      measures.map(({ name, unit, better }) => [
        name,
        {
          value: values[name] ?? null,
          unit,
          better,
          ...(atLeast.includes(name) && { atLeast: true as const }),
        },
      ]),
    ),
    pendingByReason,
    invariants: Object.fromEntries(
      Object.entries(checkInvariants(trace)).map(([name, violated]) => [
        name,
        violated === undefined ? ("held" as const) : { violated, replay },
      ]),
    ),
    limits: trace.facts.limits,
    provenance: {
      stowage: stowageVersion(),
      node: process.version,
      machine: machine(),
      command: options.command ?? "",
      input: { source: workload.source, digest: workload.inputDigest },
      ...(reference.kind === "configuration" && {
        configuration: { source: reference.path, digest: reference.digest },
      }),
      finishedAt: new Date().toISOString(),
    },
    trace: encodeTrace(trace),
  };
}

/** Started, and neither finished nor deleted when the run ended. */
function runningPods(pods: Parameters<typeof traceDigest>[0]["pods"]): number {
  let running = 0;
  for (let pod = 0; pod < pods.count; pod++) {
    const left = !Number.isNaN(pods.finishedUs[pod]) || !Number.isNaN(pods.deletedUs[pod]);
    if (!Number.isNaN(pods.startedUs[pod]) && !left) running++;
  }
  return running;
}
