import type { Trace } from "../trace/trace.ts";
import { hasArrived } from "./arrived.ts";
import type { HeldState } from "./held-state.ts";
import { rowsByTime } from "./order-by-time.ts";

/** Told what happens while a trace is walked; the state it was made with has changed already. */
export interface ReplayObserver {
  /** What a node holds changed, or it joined or was lost. */
  nodeChanged?(node: number): void;
  /** The first attempt for a pod that is not initial was over, with or without a node. */
  handled?(pod: number): void;
  /** Everything that happens at this instant has happened. */
  settled?(): void;
  /** The state stands as it is for so long, counted within the measured window only (first arrival to end of run). */
  stood?(durationUs: number): void;
  /** The state is that of sample i: every event up to and including its time has happened. */
  sampled?(sample: number): void;
}

/**
 * Walks a trace once in order of time. At equal times nodes join before nodes are lost, then pods free what they held, then
 * pods take what they were given, then first attempts are over. A pod that would free what it took at the same instant never
 * held it. `sampleTimesUs` ascend.
 */
export function replay(
  state: HeldState,
  observers: readonly ReplayObserver[],
  sampleTimesUs: Float64Array = new Float64Array(0),
): void {
  const { trace } = state;
  const { nodes, pods } = trace;
  const { takenUs, freedUs } = holdTimes(trace);
  const change = observers.filter((observer) => observer.nodeChanged !== undefined);
  const changed = (node: number) => {
    for (const observer of change) observer.nodeChanged?.(node);
  };
  const streams: readonly Stream[] = [
    stream(nodes.joinedUs, (node) => {
      state.join(node);
      changed(node);
    }),
    stream(nodes.lostUs, (node) => {
      state.lose(node);
      changed(node);
    }),
    stream(freedUs, (pod) => {
      state.release(pod);
      changed(pods.node[pod]);
    }),
    stream(takenUs, (pod) => {
      state.take(pod);
      changed(pods.node[pod]);
    }),
    stream(handledTimes(trace), (pod) => {
      for (const observer of observers) observer.handled?.(pod);
    }),
  ];
  const windowStartUs = firstArrivalUs(trace);
  const { endUs } = trace.facts;
  let sample = 0;
  const moveTo = (timeUs: number) => {
    for (const observer of observers) observer.settled?.();
    while (sample < sampleTimesUs.length && sampleTimesUs[sample] < timeUs) {
      for (const observer of observers) observer.sampled?.(sample);
      sample++;
    }
    const durationUs = Math.min(timeUs, endUs) - Math.max(state.nowUs, windowStartUs);
    if (durationUs > 0) for (const observer of observers) observer.stood?.(durationUs);
    state.nowUs = timeUs;
  };

  for (;;) {
    let earliest = streams[0];
    for (const other of streams) if (other.nextUs < earliest.nextUs) earliest = other;
    // What a node's row says about a time after the end of the run did not happen in it.
    if (earliest.nextUs > endUs || earliest.nextUs === Number.POSITIVE_INFINITY) break;
    if (earliest.nextUs > state.nowUs) moveTo(earliest.nextUs);
    earliest.handle(earliest.rows[earliest.place++]);
    earliest.nextUs = nextTime(earliest);
  }
  moveTo(endUs);
  for (; sample < sampleTimesUs.length; sample++) {
    for (const observer of observers) observer.sampled?.(sample);
  }
}

/** When the first pod that is not initial was created; Infinity when there is none. */
function firstArrivalUs({ pods }: Trace): number {
  let first = Number.POSITIVE_INFINITY;
  for (let pod = 0; pod < pods.count; pod++) {
    if (hasArrived(pods, pod) && pods.createdUs[pod] < first) first = pods.createdUs[pod];
  }
  return first;
}

/** When each pod's first attempt was over: when it was given a node by it, otherwise (a failed attempt) when it began. */
function handledTimes({ pods }: Trace): Float64Array {
  return pods.firstAttemptUs.map((timeUs, pod) => {
    if (!hasArrived(pods, pod)) return Number.NaN;
    return pods.attempts[pod] <= 1 && !Number.isNaN(pods.scheduledUs[pod]) ? pods.scheduledUs[pod] : timeUs;
  });
}

/** From when to when each pod holds its requests; NaN when it never does. */
function holdTimes({ pods }: Trace): Record<"takenUs" | "freedUs", Float64Array> {
  const takenUs = new Float64Array(pods.count).fill(Number.NaN);
  const freedUs = new Float64Array(pods.count).fill(Number.NaN);
  for (let pod = 0; pod < pods.count; pod++) {
    const from = pods.initial[pod] === 1 ? 0 : pods.scheduledUs[pod];
    if (pods.node[pod] < 0 || Number.isNaN(from)) continue;
    const until = earlier(pods.finishedUs[pod], pods.deletedUs[pod]);
    if (until <= from) continue;
    takenUs[pod] = from;
    freedUs[pod] = until;
  }
  return { takenUs, freedUs };
}

/** The smaller of two times, either of which may be NaN for never. */
function earlier(a: number, b: number): number {
  return Number.isNaN(a) || b < a ? b : a;
}

interface Stream {
  readonly timesUs: Float64Array;
  readonly rows: Uint32Array;
  readonly handle: (row: number) => void;
  place: number;
  nextUs: number;
}

function stream(timesUs: Float64Array, handle: (row: number) => void): Stream {
  const made = { timesUs, rows: rowsByTime(timesUs), handle, place: 0, nextUs: 0 };
  made.nextUs = nextTime(made);
  return made;
}

function nextTime({ timesUs, rows, place }: Stream): number {
  return place < rows.length ? timesUs[rows[place]] : Number.POSITIVE_INFINITY;
}
