import { setImmediate as nextTurn } from "node:timers/promises";
import { digest } from "../base/digest.ts";
import { InvariantViolation } from "../base/errors.ts";
import { checkInvariants } from "../invariants/check-invariants.ts";
import { simulate } from "../simulation/simulate.ts";
import { medianInterval } from "../statistics/order-statistic-interval.ts";
import { median } from "../statistics/quantile.ts";
import type { Trace } from "../trace/trace.ts";
import { describeAs } from "../workload/as.ts";
import { drawScenario } from "../workload/draw-scenario.ts";
import type { Scenario } from "../workload/scenario.ts";
import type { Workload } from "../workload/workload.ts";
import { type Algorithm, cyclesBy, type MakeCycle } from "./algorithm.ts";
import { BenchStopwatch, type Placements } from "./bench-stopwatch.ts";
import type { LoadedScheduler, PolicyReference } from "./policy.ts";
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
  /** Of the measured pods, with those that took their places in a steady state. */
  readonly scheduled: number;
  readonly unschedulable: number;
  readonly algorithm: Algorithm;
  /** Over rows of pod and node of every placement of the run, in order of binding; equal in every repeat. */
  readonly placementDigest: string;
  /**
   * What was assumed when the workload was read, feature gates without effect on decisions among it; and that the case did not
   * come to its end.
   */
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
  /** Of the first repeat. */
  readonly trace: Trace;
  /** One row per measured pod that was scheduled, in order of binding. */
  readonly placements: readonly PlacementRow[];
}

export interface MeasureCaseOptions extends LoadedScheduler {
  readonly workload: Workload;
  readonly source: string;
  /** The policy's name in results: as the user wrote it. */
  readonly policy: string;
  /** Who decides, with the same result; `index` when absent. */
  readonly algorithm?: Algorithm | undefined;
  /** What the policy is, for an algorithm that does not take it as it is loaded; a profile when absent. */
  readonly reference?: PolicyReference;
  readonly repeats: number;
  /** Cost of an empty pair of clock readings, taken off each bracket. */
  readonly overheadMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each finished repeat, the one for warming up included. */
  readonly onRepeat?: (() => void) | undefined;
}

/**
 * Measures one case: a repeat to warm up, then `repeats` that count. Undefined when interrupted.
 * @throws InvariantViolation when an invariant does not hold, or when two repeats place pods differently
 */
export async function measureCase(options: MeasureCaseOptions): Promise<MeasuredCase | undefined> {
  const { workload, profile, profiles, repeats, algorithm = "index" } = options;
  const makeCycle = cyclesBy(algorithm, options.reference ?? { kind: "profile", profile });
  const scenario = drawScenario(workload, BENCH_SEED);
  const isMeasured = measuredPods(scenario);
  const seconds: number[] = [];
  let first: FirstRepeat | undefined;
  let givenUp: readonly string[] = [];
  // One that does not come to its end does not by waiting once more.
  const lastRepeat = () => (givenUp.length > 0 ? 1 : repeats);
  for (let repeat = 0; repeat <= lastRepeat(); repeat++) {
    // Lets a signal through between two repeats.
    await nextTurn();
    if (options.signal?.aborted) return undefined;
    const { stopwatch, trace } = repeatOnce(workload, scenario, options, makeCycle);
    const placementDigest = digestOf(stopwatch.placements);
    if (first === undefined) {
      refuseViolations(trace);
      givenUp = unfinished(workload, scenario, trace);
      first = { placementDigest, placements: stopwatch.placements, trace };
    }
    if (placementDigest !== first.placementDigest) {
      throw new InvariantViolation(
        `repeat ${repeat} of ${workload.name} under ${options.policy} placed pods differently (${placementDigest}, before: ${first.placementDigest}); a policy must decide on what it is given alone`,
      );
    }
    if (repeat > 0) seconds.push(stopwatch.seconds(options.overheadMs));
    options.onRepeat?.();
  }
  const { placements, trace, placementDigest } = first!;
  const replaces = replacements(scenario, trace);
  const rows = placements.pods.flatMap((pod, i): PlacementRow[] => {
    if (!isMeasured(pod) && !replaces(pod)) return [];
    const nodeIndex = placements.nodes[i];
    const name = pod < scenario.pods.count ? scenario.pods.nameOf(pod) : `replacement-${pod}`;
    return [{ pod: name, node: trace.nodes.names[nodeIndex], nodeIndex }];
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
    unschedulable: Math.max(measuredCount - scheduled, 0),
    algorithm,
    placementDigest,
    notes: [...workload.notes, ...givenUp],
    notHonoured: unreadConstraints(workload, profiles ?? [profile]),
    repeats: seconds.length,
    podsPerSecond: measurable ? figureOf(samples) : null,
    usPerPod: measurable ? figureOf(samples.map((rate) => 1e6 / rate)) : null,
    samples,
    peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  return { result, placements: rows, trace };
}

/** What the warm-up shows, and the others must show again. */
interface FirstRepeat {
  readonly placementDigest: string;
  readonly placements: Placements;
  readonly trace: Trace;
}

function repeatOnce(
  workload: Workload,
  scenario: Scenario,
  { profile, profiles }: LoadedScheduler,
  makeCycle: MakeCycle,
): { readonly stopwatch: BenchStopwatch; readonly trace: Trace } {
  const stopwatch = new BenchStopwatch(scenario.phases);
  const trace = simulate({
    scenario,
    profile,
    profiles,
    seed: BENCH_SEED,
    ...(workload.costs && { costs: workload.costs }),
    stopwatch,
    makeCycle,
    // Operations end with their last one; other workloads go on to their horizon, retries and all.
    stopAfterPhases: workload.content.kind === "phases",
    names: { workload: workload.name, as: describeAs(workload), version: stowageVersion() },
  });
  return { stopwatch, trace };
}

function refuseViolations(trace: Trace): void {
  for (const [name, violation] of Object.entries(checkInvariants(trace))) {
    if (violation !== undefined) throw new InvariantViolation(`${name}: ${violation}`);
  }
}

/** Said when a workload was given up because pods that it waits for were not scheduled. */
function unfinished({ content }: Workload, { phases }: Scenario, { pods, facts }: Trace): string[] {
  if (content.kind !== "phases") return [];
  const awaited = phases.flatMap(({ completeWhen, firstPod, endPod, awaits = [] }) =>
    completeWhen === "scheduled" ? [{ first: firstPod, end: endPod }, ...awaits] : [],
  );
  let missing = 0;
  for (const { first, end } of awaited) {
    for (let pod = first; pod < end; pod++) {
      if (Number.isNaN(pods.scheduledUs[pod]) && Number.isNaN(pods.deletedUs[pod])) missing++;
    }
  }
  if (missing === 0) return [];
  const seconds = Math.round(facts.endUs / 1e6);
  return [
    `It did not come to its end: after ${seconds} simulated seconds ${missing} of the pods that it waits for were not scheduled, and it was given up and not repeated.`,
  ];
}

/** Whether a pod belongs to a measured phase and has still to be scheduled. */
function measuredPods({ phases, pods }: Scenario): (pod: number) => boolean {
  const measured = new Uint8Array(pods.count);
  for (const phase of phases) if (phase.measured) measured.fill(1, phase.firstPod, phase.endPod);
  return (pod) => measured[pod] === 1 && pods.boundTo[pod] === -1;
}

/** Whether a pod took the place of one that was scheduled while a measured phase kept a steady state. */
function replacements({ phases, pods }: Scenario, trace: Trace): (pod: number) => boolean {
  const templates = new Set<number>();
  for (const { measured, steadyForUs, firstPod, endPod } of phases) {
    if (!measured || steadyForUs === undefined) continue;
    for (let pod = firstPod; pod < endPod; pod++) templates.add(pods.template[pod]);
  }
  return (pod) => pod >= pods.count && templates.has(trace.pods.template[pod]);
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
