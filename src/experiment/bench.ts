import { UserError } from "../base/errors.ts";
import type { FeatureGates } from "../configuration/feature-gates.ts";
import type { TieBreak } from "../scheduler/profile.ts";
import { type Algorithm, cyclesBy } from "./algorithm.ts";
import { BENCH_SEED, type BenchCaseResult, measureCase, type PlacementRow } from "./bench-case.ts";
import { benchCases, type UnsupportedCase } from "./bench-cases.ts";
import { bracketOverheadMs } from "./bench-stopwatch.ts";
import type { TogetherOption } from "./configuration-policy.ts";
import { policyReference } from "./policy.ts";
import { machine, type Provenance } from "./provenance.ts";
import { failedTrial } from "./trial.ts";
import type { FailedTrial } from "./trial-result.ts";
import { stowageVersion } from "./version.ts";
import { type ChosenScheduler, ownPolicy, workloadScheduler } from "./workload-scheduler.ts";

export interface BenchOptions extends TogetherOption {
  /** Workloads of any format; a shipped one when there is none. */
  readonly inputs?: readonly string[];
  /** Which cases of scheduler_perf files: `CASE/WORKLOAD` with `*`, and labels (`performance,-short`). */
  readonly select?: string | undefined;
  readonly label?: string | undefined;
  /** Repeats that count, from 1; 10 when absent. One more goes before them to warm up. */
  readonly repeats?: number;
  /** A shipped name, a KubeSchedulerConfiguration (`file` or `file#profile`), or the path of a module; when absent the configuration that a scheduler_perf case names, or `default`. */
  readonly policy?: string;
  readonly tieBreak?: TieBreak | undefined;
  /** Who decides, with the same placements; `index` when absent. */
  readonly algorithm?: Algorithm | undefined;
  readonly featureGates?: FeatureGates | undefined;
  readonly signal?: AbortSignal;
  /** Repeats finished and planned, over all cases. */
  readonly onProgress?: (finished: number, planned: number) => void;
  /** Is given where each measured pod of a case went, and how many cases there are. */
  readonly onPlacements?: (name: string, rows: readonly PlacementRow[], cases: number) => Promise<void>;
}

/** A case that came to no result, and why. */
export interface FailedCase {
  readonly case: string;
  readonly source: string;
  readonly cause: FailedTrial["cause"];
  readonly message: string;
}

export interface BenchResult {
  readonly machine: Provenance["machine"];
  readonly stowage: string;
  readonly node: string;
  /** ISO 8601, UTC. */
  readonly finishedAt: string;
  /** What reading the clock cost per bracket, in nanoseconds; it is taken off. Each attempt has two brackets. */
  readonly clockOverheadNs: number;
  readonly cases: readonly BenchCaseResult[];
  readonly failed: readonly FailedCase[];
  readonly unsupported: readonly UnsupportedCase[];
}

const DEFAULT_REPEATS = 10;

/**
 * How many pods a second the scheduler itself places: decisions in measured time, everything else (arrivals, sleeps,
 * back-off, churn) on the simulated clock and not counted. One case after another, in this thread. When interrupted, the
 * cases that are finished are the result.
 * @throws UserError when an input is wrong, a policy unknown, or nothing is selected
 */
export async function bench(options: BenchOptions = {}): Promise<BenchResult> {
  const { inputs = [], repeats = DEFAULT_REPEATS, signal } = options;
  // What is wrong with the policy is said before anything is measured.
  const named = await policyReference(options.policy ?? "default", options.featureGates, options);
  cyclesBy(options.algorithm ?? "index", named);
  const { cases, unsupported } = await benchCases(inputs, { select: options.select, label: options.label });
  const overheadMs = bracketOverheadMs();
  const planned = cases.length * (repeats + 1);
  const results: BenchCaseResult[] = [];
  const failed: FailedCase[] = [];
  for (const [index, benchCase] of cases.entries()) {
    const { source } = benchCase;
    if (signal?.aborted) break;
    const workload = await benchCase.read();
    let finished = index * (repeats + 1);
    const onRepeat = () => options.onProgress?.(++finished, planned);
    const policy = options.policy ?? ownPolicy(workload);
    const failedWith = (error: unknown): FailedCase => {
      const key = { workload: workload.name, policy, seed: BENCH_SEED };
      const { cause, message } = failedTrial(key, error, "");
      return { case: workload.name, source, cause, message };
    };
    let scheduler: ChosenScheduler;
    try {
      scheduler = await workloadScheduler(workload, options);
      cyclesBy(options.algorithm ?? "index", scheduler.reference);
    } catch (error) {
      failed.push(failedWith(error));
      continue;
    }
    try {
      const measured = await measureCase({
        workload,
        source,
        ...scheduler,
        algorithm: options.algorithm,
        repeats,
        overheadMs,
        signal,
        onRepeat,
      });
      if (measured === undefined) break;
      results.push(measured.result);
      await options.onPlacements?.(workload.name, measured.placements, cases.length);
    } catch (error) {
      // Placements that cannot be written are no fault of the case.
      if (error instanceof UserError) throw error;
      failed.push(failedWith(error));
    }
  }
  return {
    machine: machine(),
    stowage: stowageVersion(),
    node: process.version,
    finishedAt: new Date().toISOString(),
    clockOverheadNs: Math.round(overheadMs * 1e6),
    cases: results,
    failed,
    unsupported,
  };
}
