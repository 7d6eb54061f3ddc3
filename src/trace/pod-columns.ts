import type { TracePods } from "./trace.ts";

/** The pods' columns while they are being written: the arrays may be replaced by longer ones. */
export type PodColumns = { -readonly [K in keyof TracePods]: TracePods[K] };

type ColumnOf<A> = { [K in keyof TracePods]: TracePods[K] extends A ? K : never }[keyof TracePods];
export type Float64Column = ColumnOf<Float64Array>;
export type Int32Column = ColumnOf<Int32Array>;
export type Uint8Column = ColumnOf<Uint8Array>;

/** Where each column comes from; `empty` is its value in a row of which nothing is known yet. */
export interface ColumnSource {
  float64(column: Float64Column, empty: number): Float64Array;
  int32(column: Int32Column, empty: number): Int32Array;
  uint8(column: Uint8Column, empty: number): Uint8Array;
}

/** The one list of the pods' columns: builder, codec and digest walk it in this order. */
export function podColumnsFrom(count: number, source: ColumnSource): PodColumns {
  const never = Number.NaN;
  return {
    count,
    template: source.int32("template", 0),
    createdUs: source.float64("createdUs", never),
    firstAttemptUs: source.float64("firstAttemptUs", never),
    scheduledUs: source.float64("scheduledUs", never),
    boundUs: source.float64("boundUs", never),
    startedUs: source.float64("startedUs", never),
    finishedUs: source.float64("finishedUs", never),
    deletedUs: source.float64("deletedUs", never),
    preempted: source.uint8("preempted", 0),
    preemptions: source.int32("preemptions", 0),
    node: source.int32("node", -1),
    devices: source.int32("devices", 0),
    initial: source.uint8("initial", 0),
    attempts: source.int32("attempts", 0),
    evaluated: source.int32("evaluated", 0),
    feasible: source.int32("feasible", 0),
    score: source.int32("score", -1),
    tied: source.int32("tied", 0),
    rejector: source.int32("rejector", -1),
    reason: source.int32("reason", -1),
  };
}
