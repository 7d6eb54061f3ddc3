import { medianInterval, type OrderStatisticInterval } from "./order-statistic-interval.ts";
import { mean, quantileOfSorted, sum } from "./quantile.ts";
import { sortedNumbers } from "./sorted-numbers.ts";

export interface Summary {
  /** Samples. */
  readonly n: number;
  readonly min: number;
  readonly p10: number;
  readonly median: number;
  readonly p90: number;
  readonly max: number;
  readonly mean: number;
  /** Sample standard deviation (n - 1); undefined for one sample, which has no spread. */
  readonly sd: number | undefined;
  /** Exact interval of the median; undefined with too few samples. */
  readonly interval: OrderStatisticInterval | undefined;
}

/**
 * One sample in nine numbers, in the unit of its values. The interval holds for the median of independent samples
 * under the conditions of this machine and this run; it knows nothing of other machines. Quantiles are of type 7.
 */
export function summary(values: ArrayLike<number>, confidence = 0.95): Summary {
  const sorted = sortedNumbers(values);
  const n = sorted.length;
  const centre = mean(sorted);
  // Two passes: the one-pass formula cancels when the spread is small beside the mean.
  const squares = sum(sorted.map((value) => (value - centre) ** 2));
  return {
    n,
    min: sorted[0],
    p10: quantileOfSorted(sorted, 0.1),
    median: quantileOfSorted(sorted, 0.5),
    p90: quantileOfSorted(sorted, 0.9),
    max: sorted[n - 1],
    mean: centre,
    sd: n === 1 ? undefined : Math.sqrt(squares / (n - 1)),
    interval: medianInterval(sorted, confidence),
  };
}
