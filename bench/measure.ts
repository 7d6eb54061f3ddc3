import { Bench } from "tinybench";
import { digest } from "../src/base/digest.ts";
import type { Size } from "./size.ts";
import type { Prepared, Subject } from "./subject.ts";

export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly units: number;
  /** Nanoseconds per unit: the median of the samples, and their middle half. */
  readonly nsPerUnit: { readonly median: number; readonly low: number; readonly high: number };
  /** By the median. */
  readonly perSecond: number;
  /** Units a second to be reached. */
  readonly bar: number | undefined;
  readonly samples: number;
  readonly digest: string;
}

const TIMES = {
  small: { time: 20, warmupTime: 5, iterations: 3, warmupIterations: 1 },
  full: { time: 1000, warmupTime: 250, iterations: 20, warmupIterations: 5 },
} as const;

/** Runs one subject in a Bench of its own. Throws when a run fails or when two runs differ in their result. */
export async function measure(subject: Subject, size: Size): Promise<Measured> {
  const prepared = await subject.prepare(size);
  const before = digest(prepared.run());
  const task = timed(prepared, TIMES[size]);
  const after = digest(prepared.run());
  if (after !== before)
    throw new Error(`${subject.name}: runs differ in their result: ${before}, then ${after}`);
  const perUnit = (ms: number) => (ms * 1e6) / prepared.units;
  const median = perUnit(task.p50);
  return {
    name: subject.name,
    unit: subject.unit,
    units: prepared.units,
    nsPerUnit: { median, low: perUnit(task.p25), high: perUnit(task.p75) },
    perSecond: 1e9 / median,
    bar: subject.bar,
    samples: task.samplesCount,
    digest: before,
  };
}

export interface Times {
  readonly time: number;
  readonly warmupTime: number;
  readonly iterations: number;
  readonly warmupIterations: number;
}

interface Latency {
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly samplesCount: number;
}

/** Milliseconds per run. What a run returns is kept, so that the work cannot be optimised away. */
export function timed(prepared: Prepared, times: Times): Latency {
  let kept: ArrayBufferView | string = "";
  const bench = new Bench({ ...times, retainSamples: true, subtractTimerOverhead: true, throws: true });
  bench.add("run", () => {
    kept = prepared.run();
  });
  const { result } = bench.runSync()[0];
  if (result.state !== "completed") throw new Error(`the run is ${result.state}`);
  if (kept.length === 0) throw new Error("the run has no result");
  const { samples, samplesCount } = result.latency;
  if (samples === undefined) throw new Error("tinybench kept no samples");
  const at = (share: number) => samples[Math.round(share * (samples.length - 1))];
  return { p25: at(0.25), p50: at(0.5), p75: at(0.75), samplesCount };
}
