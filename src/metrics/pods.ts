import type { Trace } from "../trace/trace.ts";
import { hasArrived } from "./arrived.ts";
import { censoredPercentile } from "./censored-percentile.ts";
import type { Measure, Series, Values } from "./measure.ts";
import { watchedUntilUs } from "./sample-grid.ts";

const percentiles = [50, 90, 99] as const;

/** What became of the pods, and how long they waited. Pods that ran from the start do not count. */
export const podMeasures: readonly Measure[] = [
  {
    name: "podsCreated",
    title: "Pods created",
    unit: "pods",
    better: "none",
    definition: "Pods created during the run; those that ran from the start do not count.",
    primaryEligible: false,
  },
  {
    name: "podsBound",
    title: "Pods bound",
    unit: "pods",
    better: "higher",
    definition: "Pods bound to a node at any time of the run, whatever became of them.",
    primaryEligible: true,
  },
  {
    name: "podsPending",
    title: "Pods pending at the end",
    unit: "pods",
    better: "lower",
    definition:
      "Pods neither bound nor deleted when the run ends. podsCreated = podsBound + podsPending + pods deleted before they were bound.",
    primaryEligible: true,
  },
  {
    name: "podsFinished",
    title: "Pods finished",
    unit: "pods",
    better: "higher",
    definition: "Pods that ran to their end within the run.",
    primaryEligible: true,
  },
  {
    name: "podsDeleted",
    title: "Pods deleted",
    unit: "pods",
    better: "none",
    definition: "Pods deleted before they finished: their node was lost, or somebody deleted them.",
    primaryEligible: false,
  },
  ...percentiles.map(
    (percent): Measure => ({
      name: `waitingTimeP${percent}`,
      title: `Waiting time, ${percent}th percentile`,
      unit: "seconds",
      better: "lower",
      definition:
        `Nearest-rank ${percent}th percentile over all pods of the time from creation to the scheduler's choice of a node. ` +
        "Pods still pending at the horizon are right-censored, never dropped: they rank after every scheduled pod, and when " +
        "the percentile falls among them it is reported as at least the time waited.",
      primaryEligible: true,
    }),
  ),
];

export interface PodValues {
  readonly values: Values;
  /** Names of the measures whose value is only a lower bound. */
  readonly atLeast: readonly string[];
}

export function measurePods(trace: Trace): PodValues {
  const { pods } = trace;
  const watchedUs = watchedUntilUs(trace);
  const ended = new Float64Array(pods.count);
  const censored = new Float64Array(pods.count);
  let endedCount = 0;
  let censoredCount = 0;
  const counts = { podsCreated: 0, podsBound: 0, podsPending: 0, podsFinished: 0, podsDeleted: 0 };
  for (let pod = 0; pod < pods.count; pod++) {
    if (!hasArrived(pods, pod)) continue;
    const createdUs = pods.createdUs[pod];
    const scheduledUs = pods.scheduledUs[pod];
    const deletedUs = pods.deletedUs[pod];
    counts.podsCreated++;
    if (isPending(trace, pod)) counts.podsPending++;
    if (!Number.isNaN(pods.boundUs[pod])) counts.podsBound++;
    if (!Number.isNaN(pods.finishedUs[pod])) counts.podsFinished++;
    if (!Number.isNaN(deletedUs)) counts.podsDeleted++;
    if (Number.isNaN(scheduledUs)) {
      censored[censoredCount++] = (Number.isNaN(deletedUs) ? watchedUs : deletedUs) - createdUs;
    } else {
      ended[endedCount++] = scheduledUs - createdUs;
    }
  }
  const endedWaits = ended.subarray(0, endedCount).sort();
  const censoredWaits = censored.subarray(0, censoredCount).sort();
  const values: Values = { ...counts };
  const atLeast: string[] = [];
  for (const percent of percentiles) {
    const name = `waitingTimeP${percent}`;
    const percentile = censoredPercentile(endedWaits, censoredWaits, percent);
    values[name] = percentile === null ? null : percentile.value / 1e6;
    if (percentile?.atLeast === true) atLeast.push(name);
  }
  return { values, atLeast };
}

/**
 * Why the pods that are pending at the end are pending: reason (the commonest over the nodes) to number of pods. The numbers add
 * up to `podsPending`.
 */
export function pendingByReason(trace: Trace): Record<string, number> {
  const { pods, facts } = trace;
  const found = new Map<string, number>();
  for (let pod = 0; pod < pods.count; pod++) {
    if (!hasArrived(pods, pod) || !isPending(trace, pod)) continue;
    const reason = pods.reason[pod] >= 0 ? facts.reasons[pods.reason[pod]] : withoutReason(trace, pod);
    found.set(reason, (found.get(reason) ?? 0) + 1);
  }
  return Object.fromEntries(found);
}

function withoutReason({ pods }: Trace, pod: number): string {
  if (!Number.isNaN(pods.scheduledUs[pod])) return "being bound when the run ended";
  return pods.attempts[pod] === 0 ? "not attempted yet" : "waiting for another attempt";
}

function isPending({ pods }: Trace, pod: number): boolean {
  return Number.isNaN(pods.boundUs[pod]) && Number.isNaN(pods.deletedUs[pod]);
}

/** Pods pending and pods running at each time of a grid. */
export function podSeries({ pods }: Trace, gridUs: Float64Array, atSeconds: Float64Array): Series[] {
  const pending = new Float64Array(gridUs.length);
  const running = new Float64Array(gridUs.length);
  for (let pod = 0; pod < pods.count; pod++) {
    if (!hasArrived(pods, pod)) continue;
    const endUs = earliest(pods.finishedUs[pod], pods.deletedUs[pod]);
    countBetween(pending, gridUs, pods.createdUs[pod], earliest(pods.boundUs[pod], pods.deletedUs[pod]));
    countBetween(running, gridUs, pods.startedUs[pod], endUs);
  }
  for (let i = 1; i < gridUs.length; i++) {
    pending[i] += pending[i - 1];
    running[i] += running[i - 1];
  }
  const shared = { unit: "pods", atUnit: "seconds", at: atSeconds } as const;
  return [
    { name: "podsPendingOverTime", title: "Pods pending", ...shared, values: pending },
    { name: "podsRunningOverTime", title: "Pods running", ...shared, values: running },
  ];
}

/** The earlier of two times, either of which may be NaN; Infinity when both are. */
function earliest(aUs: number, bUs: number): number {
  return Math.min(Number.isNaN(aUs) ? Infinity : aUs, Number.isNaN(bUs) ? Infinity : bUs);
}

/** Adds one pod to the differences between successive samples, from the first sample not before `fromUs` to that of `untilUs`. */
function countBetween(
  differences: Float64Array,
  gridUs: Float64Array,
  fromUs: number,
  untilUs: number,
): void {
  if (Number.isNaN(fromUs)) return;
  const from = firstSampleAt(gridUs, fromUs);
  const until = firstSampleAt(gridUs, untilUs);
  if (from < differences.length) differences[from]++;
  if (until < differences.length) differences[until]--;
}

/** The first sample at or after a time; the grid's length when there is none. The grid is equidistant from 0. */
function firstSampleAt(gridUs: Float64Array, timeUs: number): number {
  const lastUs = gridUs[gridUs.length - 1];
  if (timeUs > lastUs) return gridUs.length;
  if (lastUs === 0) return 0;
  let sample = Math.ceil((timeUs * (gridUs.length - 1)) / lastUs);
  // The division may be off by one in its last bit; the grid decides.
  while (sample > 0 && gridUs[sample - 1] >= timeUs) sample--;
  while (sample < gridUs.length && gridUs[sample] < timeUs) sample++;
  return sample;
}
