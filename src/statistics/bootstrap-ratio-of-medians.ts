import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { assert } from "../base/assert.ts";
import { median } from "./quantile.ts";
import { seedsNeeded } from "./seeds-needed.ts";

export interface BootstrapOptions {
  readonly resamples?: number;
  /** Of the resampling: the same seed gives the same interval. */
  readonly seed?: number;
  readonly confidence?: number;
}

export interface RatioOfMedians {
  /** median(b) / median(a): 1.25 when b is a quarter faster than a. */
  readonly ratio: number;
  /** Undefined with too few rounds. Nominal confidence, unlike the exact intervals elsewhere in this room. */
  readonly interval: { readonly low: number; readonly high: number } | undefined;
}

/**
 * The ratio of the medians of two speeds measured in paired rounds (a and b in turn, a[i] beside b[i]), with a
 * percentile bootstrap interval. Rounds are resampled whole, so that a disturbance which hit both stays with both.
 *
 * A bootstrap, because no exact interval exists for a ratio of medians. The percentile method, not BCa: BCa's
 * acceleration comes from the jackknife, which fails for the median (it leaves out one value and sees only the
 * neighbours of the middle; Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 11), while
 * percentile limits turn with the data under any change of scale, as order-statistic intervals do. When
 * even the exact interval of a median could not reach the confidence (below 6 rounds for 95 %), resampling
 * cannot either: its extremes are the data's.
 */
export function bootstrapRatioOfMedians(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: BootstrapOptions = {},
): RatioOfMedians {
  const { resamples = 10_000, seed = 42, confidence = 0.95 } = options;
  const n = a.length;
  assert(n > 0 && n === b.length, `rounds are not paired (${n} and ${b.length} values)`);
  assert(confidence > 0 && confidence < 1, `confidence outside 0..1 (${confidence})`);
  assert(
    Number.isInteger(resamples) && resamples >= 100,
    `resamples: ${resamples}, not a whole number from 100 up`,
  );
  for (let i = 0; i < n; i++) {
    const positive = a[i] > 0 && b[i] > 0 && Number.isFinite(a[i]) && Number.isFinite(b[i]);
    assert(positive, `round ${i} is not of finite speeds above 0 (${a[i]} and ${b[i]})`);
  }
  const ratio = median(b) / median(a);
  if (n < seedsNeeded(1, 1 - confidence)) return { ratio, interval: undefined };
  const ratios = resampledRatios(a, b, resamples, seed);
  // The order statistics (R + 1) alpha/2 from either end: Davison and Hinkley, "Bootstrap Methods" (1997), chapter 5.
  const rank = Math.max(1, Math.floor(((resamples + 1) * (1 - confidence)) / 2));
  return { ratio, interval: { low: ratios[rank - 1], high: ratios[resamples - rank] } };
}

function resampledRatios(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  resamples: number,
  seed: number,
): Float64Array {
  const n = a.length;
  const random = xoroshiro128plus(seed);
  const drawnA = new Float64Array(n);
  const drawnB = new Float64Array(n);
  const ratios = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < n; i++) {
      const round = uniformInt(random, 0, n - 1);
      drawnA[i] = a[round];
      drawnB[i] = b[round];
    }
    ratios[r] = middle(drawnB.sort()) / middle(drawnA.sort());
  }
  return ratios.sort();
}

function middle(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
