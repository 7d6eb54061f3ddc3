import {
  bootstrapRatioOfMedians,
  type RatioOfMedians,
} from "../src/statistics/bootstrap-ratio-of-medians.ts";
import { timed } from "./measure.ts";
import type { Prepared } from "./subject.ts";

export interface PairedRoundsOptions {
  readonly rounds?: number;
  /** Milliseconds for each side of a round. */
  readonly time?: number;
  /** Ratios within this share of 1 are no difference. */
  readonly minimumEffect?: number;
}

export interface PairedRounds extends RatioOfMedians {
  readonly rounds: number;
  /** Of b against a. */
  readonly verdict: "faster" | "slower" | "no difference shown";
}

/**
 * Compares two variants in short rounds: a fresh Bench each time, first a then b, in the next round first b then a, so
 * that what the machine does meanwhile hits both. The ratio is of runs per second, b over a; it is called a difference
 * only when its whole bootstrap interval clears the minimum effect. (One long Bench with both tasks called half of all
 * comparisons of a program with itself different; these rounds called none of fifteen.)
 *
 * Give each variant functions of its own, such as two loaded copies of a module: closures of one function share what the
 * engine has learned about it.
 */
export function pairedRounds(a: Prepared, b: Prepared, options: PairedRoundsOptions = {}): PairedRounds {
  const { rounds = 20, time = 25, minimumEffect = 0.02 } = options;
  const times = { time, warmupTime: time / 5, iterations: 3, warmupIterations: 1 };
  const speedOf = (side: Prepared) => 1 / timed(side, times).p50;
  const speedA: number[] = [];
  const speedB: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) speedA.push(speedOf(a));
    speedB.push(speedOf(b));
    if (round % 2 === 1) speedA.push(speedOf(a));
  }
  const result = bootstrapRatioOfMedians(speedA, speedB);
  return { ...result, rounds, verdict: verdictOf(result, minimumEffect) };
}

function verdictOf({ interval }: RatioOfMedians, minimumEffect: number): PairedRounds["verdict"] {
  if (interval !== undefined && interval.low > 1 + minimumEffect) return "faster";
  if (interval !== undefined && interval.high < 1 / (1 + minimumEffect)) return "slower";
  return "no difference shown";
}
