import { assert } from "../base/assert.ts";
import { binomialLowerTail } from "./binomial.ts";
import { sortedNumbers } from "./sorted-numbers.ts";

export interface OrderStatisticInterval {
  readonly low: number;
  readonly high: number;
  /** The achieved confidence, at least the one asked for: only certain levels exist for a given n. */
  readonly coverage: number;
}

/**
 * Exact distribution-free confidence interval of the median, between two order statistics; undefined when
 * n values cannot reach the confidence (fewer than 6 for 95 %, than 8 for 99 %).
 *
 * The number of values below the true median is binomial(n, 1/2) whatever the distribution, so the interval
 * needs neither normality nor symmetry, and one wild seed cannot stretch it. Source: David and Nagaraja,
 * "Order Statistics", 3rd edition (2003), section 7.1.
 */
export function medianInterval(
  values: ArrayLike<number>,
  confidence = 0.95,
): OrderStatisticInterval | undefined {
  assert(confidence > 0 && confidence < 1, `confidence outside 0..1 (${confidence})`);
  const sorted = sortedNumbers(values);
  const n = sorted.length;
  // x(r) is above the median when fewer than r values are below it: P(X <= r - 1), at most half of what may be left out.
  const below = binomialLowerTail(n);
  const outside = countUpTo(below, (1 - confidence) / 2);
  if (outside === 0) return undefined;
  return { low: sorted[outside - 1], high: sorted[n - outside], coverage: 1 - 2 * below[outside - 1] };
}

function countUpTo(ascending: Float64Array, limit: number): number {
  let count = 0;
  while (count < ascending.length && ascending[count] <= limit) count++;
  return count;
}
