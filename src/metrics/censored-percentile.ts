/** A percentile of waiting times of which some have not ended yet. */
export interface CensoredPercentile {
  readonly value: number;
  /** The percentile falls among the waits that have not ended: it is at least `value`. */
  readonly atLeast: boolean;
}

/**
 * The nearest-rank percentile (the ceil(percent / 100 x n)-th smallest of n) of waits that ended and waits that had lasted so
 * long when watching stopped (right-censored). A wait that has not ended ranks after every wait that has, because what never
 * came may never come; when the rank falls among these, the answer is "at least": the longest ended wait or the censored wait
 * of that rank, whichever is longer. So it is never below the percentile of the ended waits alone. null when n is 0.
 *
 * Both lists must ascend. `percent` is in (0, 100].
 */
export function censoredPercentile(
  ended: Float64Array,
  censored: Float64Array,
  percent: number,
): CensoredPercentile | null {
  const count = ended.length + censored.length;
  if (count === 0) return null;
  // percent x n is exact where percent / 100 is not: 7 % of 100 is rank 7, not 8.
  const rank = Math.min(count, Math.max(1, Math.ceil((percent * count) / 100)));
  if (rank <= ended.length) return { value: ended[rank - 1], atLeast: false };
  const longestEnded = ended.length === 0 ? 0 : ended[ended.length - 1];
  return { value: Math.max(longestEnded, censored[rank - ended.length - 1]), atLeast: true };
}
