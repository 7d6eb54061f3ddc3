import { setImmediate as nextTurn } from "node:timers/promises";
import { digest } from "../base/digest.ts";
import { InvariantViolation } from "../base/errors.ts";
import type { Profile } from "../scheduler/profile.ts";
import { simulate } from "../simulation/simulate.ts";
import { medianInterval } from "../statistics/order-statistic-interval.ts";
import { median } from "../statistics/quantile.ts";
import { describeAs } from "../workload/as.ts";
import { drawScenario } from "../workload/draw-scenario.ts";
import type { Scenario } from "../workload/scenario.ts";
import type { Workload } from "../workload/workload.ts";
import { BenchStopwatch, type Placements } from "./bench-stopwatch.ts";
import { unreadConstraints } from "./unread-constraints.ts";
import { stowageVersion } from "./version.ts";

/** The seed of every repeat: what is repeated is the same work. */
export const BENCH_SEED = 42;

/** A measured quantity over the repeats. */
export interface BenchFigure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Exact 95 % interval of the median; null with fewer than 6 repeats. */
  readonly ci: readonly [low: number, high: number] | null;
}

/** How fast one case went. All but the last five is equal from run to run and from machine to machine. */
export interface BenchCaseResult {
  /** `CASE/WORKLOAD`, or the workload's name. */
  readonly case: string;
  readonly source: string;
  readonly policy: string;
  readonly tieBreak: string;
  readonly nodes: number;
  /** Pods that are not measured: there from the start, or scheduled in other phases. */
  readonly initPods: number;
  readonly measuredPods: number;
  /** Of the measured pods. */
  readonly scheduled: number;
  readonly unschedulable: number;
  readonly algorithm: "scan";
  /** Over rows of pod and node of every placement of the run, in order of binding; equal in every repeat. */
  readonly placementDigest: string;
  /** What was assumed when the workload was read; feature gates without effect on decisions among it. */
  readonly notes: readonly string[];
  /** What the pods ask for that no plugin of the policy reads: less work than kube-scheduler has with them. */
  readonly notHonoured: readonly string[];
  readonly repeats: number;
  /** Measured pods scheduled in a second of the scheduler's own time; null when none was scheduled, or too fast for the clock. */
  readonly podsPerSecond: BenchFigure | null;
  /** The scheduler's own time per measured pod scheduled, in microseconds. */
  readonly usPerPod: BenchFigure | null;
  /** `podsPerSecond` of each repeat, in order. */
  readonly samples: readonly number[];
  /** The greatest resident memory of the process up to the end of this case, in MiB. */
  readonly peakRssMiB: number;
}

/** Where one measured pod went. */
export interface PlacementRow {
  readonly pod: string;
  readonly node: string;
  /** The node's place in creation order, from 0. */
  readonly nodeIndex: number;
}

export interface MeasuredCase {
  readonly result: BenchCaseResult;
  /** One row per measured pod that was scheduled, in order of binding. */
  readonly placements: readonly PlacementRow[];
}

export interface MeasureCaseOptions {
  readonly workload: Workload;
  readonly source: string;
  readonly profile: Profile;
  /** The policy's name in results: as the user wrote it. */
  readonly policy: string;
  readonly repeats: number;
  /** Cost of an empty pair of clock readings, taken off each bracket. */
  readonly overheadMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each finished repeat, the one for warming up included. */
  readonly onRepeat?: (() => void) | undefined;
}

/**
 * Measures one case: a repeat to warm up, then `repeats` that count. Undefined when interrupted.
 * @throws InvariantViolation when two repeats place pods differently
 */
export async function measureCase(options: MeasureCaseOptions): Promise<MeasuredCase | undefined> {
  const { workload, profile, repeats } = options;
  const scenario = drawScenario(workload, BENCH_SEED);
  const isMeasured = measuredPods(scenario);
  const seconds: number[] = [];
  let first: FirstRepeat | undefined;
  for (let repeat = 0; repeat <= repeats; repeat++) {
    // Lets a signal through between two repeats.
    await nextTurn();
    if (options.signal?.aborted) return undefined;
    const { stopwatch, nodeNames } = repeatOnce(workload, scenario, profile);
    const placementDigest = digestOf(stopwatch.placements);
    first ??= { placementDigest, placements: stopwatch.placements, nodeNames };
    if (placementDigest !== first.placementDigest) {
      throw new InvariantViolation(
        `repeat ${repeat} of ${workload.name} under ${options.policy} placed pods differently (${placementDigest}, before: ${first.placementDigest}); a policy must decide on what it is given alone`,
      );
    }
    if (repeat > 0) seconds.push(stopwatch.seconds(options.overheadMs));
    options.onRepeat?.();
  }
  const { placements, nodeNames, placementDigest } = first!;
  const rows = placements.pods.flatMap((pod, i): PlacementRow[] => {
    if (!isMeasured(pod)) return [];
    const nodeIndex = placements.nodes[i];
    return [{ pod: scenario.pods.nameOf(pod), node: nodeNames[nodeIndex], nodeIndex }];
  });
  const scheduled = rows.length;
  const measurable = scheduled > 0 && seconds.every((time) => time > 0);
  const samples = measurable ? seconds.map((time) => scheduled / time) : [];
  const measuredCount = countPods(scenario, isMeasured);
  const result: BenchCaseResult = {
    case: workload.name,
    source: options.source,
    policy: options.policy,
    tieBreak: profile.tieBreak,
    nodes: scenario.nodes.length,
    initPods: scenario.pods.count - measuredCount,
    measuredPods: measuredCount,
    scheduled,
    unschedulable: measuredCount - scheduled,
    algorithm: "scan",
    placementDigest,
    notes: workload.notes,
    notHonoured: unreadConstraints(workload, [profile]),
    repeats,
    podsPerSecond: measurable ? figureOf(samples) : null,
    usPerPod: measurable ? figureOf(samples.map((rate) => 1e6 / rate)) : null,
    samples,
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  return { result, placements: rows };
}

/** What the warm-up shows, and the others must show again. */
interface FirstRepeat {
  readonly placementDigest: string;
  readonly placements: Placements;
  readonly nodeNames: readonly string[];
}

function repeatOnce(
  workload: Workload,
  scenario: Scenario,
  profile: Profile,
): { readonly stopwatch: BenchStopwatch; readonly nodeNames: readonly string[] } {
  const stopwatch = new BenchStopwatch(scenario.phases);
  const trace = simulate({
    scenario,
    profile,
    seed: BENCH_SEED,
    ...(workload.costs && { costs: workload.costs }),
    stopwatch,
    // Operations end with their last one; other workloads go on to their horizon, retries and all.
    stopAfterPhases: workload.content.kind === "phases",
    names: { workload: workload.name, as: describeAs(workload), version: stowageVersion() },
  });
  return { stopwatch, nodeNames: trace.nodes.names };
}

/** Whether a pod belongs to a measured phase and has still to be scheduled. */
function measuredPods({ phases, pods }: Scenario): (pod: number) => boolean {
  const measured = new Uint8Array(pods.count);
  for (const phase of phases) if (phase.measured) measured.fill(1, phase.firstPod, phase.endPod);
  return (pod) => measured[pod] === 1 && pods.boundTo[pod] === -1;
}

function countPods({ pods }: Scenario, counts: (pod: number) => boolean): number {
  let count = 0;
  for (let pod = 0; pod < pods.count; pod++) if (counts(pod)) count++;
  return count;
}

function digestOf({ pods, nodes }: Placements): string {
  const rows = new Int32Array(2 * pods.length);
  for (let i = 0; i < pods.length; i++) {
    rows[2 * i] = pods[i]!;
    rows[2 * i + 1] = nodes[i]!;
  }
  return digest(rows);
}

function figureOf(values: readonly number[]): BenchFigure {
  const interval = medianInterval(values);
  return {
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    ci: interval === undefined ? null : [interval.low, interval.high],
  };
}
