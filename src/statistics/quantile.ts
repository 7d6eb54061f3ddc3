import { assert } from "../base/assert.ts";
import { sortedNumbers } from "./sorted-numbers.ts";

/**
 * The q-quantile by linear interpolation between order statistics, with the sample minimum as the 0- and
 * the maximum as the 1-quantile: type 7 of Hyndman and Fan, "Sample quantiles in statistical packages",
 * The American Statistician 50 (1996), the default of R and NumPy.
 * @internal
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  return quantileOfSorted(sortedNumbers(values), q);
}

/** `quantile` of values already sorted, for those who want several. */
function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  assert(sorted.length > 0, "quantile of no values");
  assert(q >= 0 && q <= 1, `quantile outside 0..1 (${q})`);
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  const low = sorted[below];
  if (below === position) return low;
  return low + (position - below) * (sorted[below + 1] - low);
}

/**
 * The smallest value with at least a share q of all values at or below it: the order statistic of rank
 * ceil(qn), never an interpolation. For counts and times that must be values that occurred.
 */
export function nearestRank(values: ArrayLike<number>, q: number): number {
  const sorted = sortedNumbers(values);
  return sorted[rankOf(sorted.length, q) - 1];
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** Sum by Neumaier's compensated summation (ZAMM 54, 1974): its error does not grow with the count. @internal */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    assert(Number.isFinite(value), `value ${i} of ${values.length} is ${value}, not a finite number`);
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  const result = total + lost;
  assert(Number.isFinite(result), "sum outside the range of doubles");
  return result;
}

export function mean(values: ArrayLike<number>): number {
  assert(values.length > 0, "mean of no values");
  return sum(values) / values.length;
}

/** ceil(qn), at least 1. The product may exceed an integer by a rounding error (0.07 * 100), hence the slack. */
function rankOf(n: number, q: number): number {
  assert(n > 0, "quantile of no values");
  assert(q >= 0 && q <= 1, `quantile outside 0..1 (${q})`);
  return Math.max(1, Math.ceil(q * n - n * 2 ** -51));
}
