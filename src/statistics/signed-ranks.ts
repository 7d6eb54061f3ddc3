import { assert } from "../base/assert.ts";

export interface SignedRanks {
  /** Differences that are not zero: the effective sample size. */
  readonly n: number;
  /** Differences that are exactly zero: they have no sign and get no rank. */
  readonly zeros: number;
  /** Twice the mid-ranks of the magnitudes of the n differences, ascending. Doubled, ties give integers too. */
  readonly doubledRanks: Int32Array;
  /** Sum of the (undoubled) ranks of the positive differences. */
  readonly positive: number;
  /** Sum of the (undoubled) ranks of the negative differences. */
  readonly negative: number;
}

/** Ranks the magnitudes of the non-zero differences, equal ones sharing the mean of their ranks. */
export function signedRanks(differences: ArrayLike<number>): SignedRanks {
  const all = Array.from(differences);
  assert(all.every(Number.isFinite), "a difference is not a finite number");
  const ordered = all.filter((d) => d !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  const n = ordered.length;
  const doubledRanks = new Int32Array(n);
  let positive = 0;
  let negative = 0;
  for (let first = 0; first < n; ) {
    let next = first + 1;
    while (next < n && Math.abs(ordered[next]) === Math.abs(ordered[first])) next++;
    // Ranks first + 1 .. next: twice their mean is the sum of the ends.
    const doubled = first + 1 + next;
    for (let i = first; i < next; i++) {
      doubledRanks[i] = doubled;
      if (ordered[i] > 0) positive += doubled / 2;
      else negative += doubled / 2;
    }
    first = next;
  }
  return { n, zeros: all.length - n, doubledRanks, positive, negative };
}
