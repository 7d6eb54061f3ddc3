import { ones, type RowSet } from "./row-set.ts";
import type { ScoreColumn } from "./score-column.ts";
import type { Window } from "./window.ts";

/** Columns, and the score that a row of each must have to be tied. */
export interface TiedColumns {
  count: number;
  readonly columns: ScoreColumn[];
  readonly scores: number[];
}

/** A set of ranks as bits: places in visiting order, of a window of few rows. */
export class TiedRanks {
  /** Windows of more rows are for `TiedRows`, which does not look at all of them. */
  static readonly MOST = 2048;
  readonly #words = new Int32Array((TiedRanks.MOST >> 5) + 2);
  #found = 0;

  clear({ found }: Window): void {
    this.#found = found;
    const words = this.#words;
    // A call of `fill` costs more than so few words.
    for (let word = found >> 5; word >= 0; word--) words[word] = 0;
  }

  /** Rows of this column with this score, which none in the window exceeds there. */
  add(column: ScoreColumn, score: number, { start, length, found }: Window): void {
    const end = start + found;
    if (end <= length) {
      column.addTied(score, start, end, this.#words, 0);
      return;
    }
    column.addTied(score, start, length, this.#words, 0);
    column.addTied(score, 0, end - length, this.#words, length - start);
  }

  /**
   * Where not all rows of the window are feasible: a rank is a place among those that are. Of a stretch from `from` to `end`, whose first
   * rank is `rank`; returns the first rank behind it.
   */
  addFeasible(
    tied: TiedColumns,
    feasible: readonly RowSet[],
    from: number,
    end: number,
    rank: number,
  ): number {
    if (from >= end) return rank;
    const words = this.#words;
    const last = (end - 1) >> 5;
    let mask = -1 << (from & 31);
    let place = rank;
    for (let block = from >> 5; block <= last; block++) {
      if (block === last) mask &= -1 >>> (31 - ((end - 1) & 31));
      let passing = 0;
      for (let i = 0; i < feasible.length; i++) passing |= feasible[i].word(block);
      passing &= mask;
      let bits = 0;
      for (let i = 0; i < tied.count; i++) bits |= tied.columns[i].having(block, tied.scores[i], mask);
      for (; bits !== 0; bits &= bits - 1) {
        const own = place + ones(passing & ((bits & -bits) - 1));
        words[own >> 5] |= 1 << (own & 31);
      }
      place += ones(passing);
      mask = -1;
    }
    return place;
  }

  /** Down upstream's implicit heap (see `tie-break.ts`) to the first rank of the set in pre-order; there must be one. */
  first(): number {
    let rank = 0;
    while (!this.#any(rank, rank + 1)) {
      const left = 2 * rank + 1;
      rank = this.#inSubtree(left) ? left : left + 1;
    }
    return rank;
  }

  /** A subtree is a range of ranks on each level. */
  #inSubtree(root: number): boolean {
    const found = this.#found;
    let first = root;
    for (let width = 1; first < found; width *= 2) {
      const end = first + width;
      if (this.#any(first, Math.min(end, found))) return true;
      first = 2 * first + 1;
    }
    return false;
  }

  #any(from: number, end: number): boolean {
    const words = this.#words;
    const last = (end - 1) >> 5;
    const tail = -1 >>> (31 - ((end - 1) & 31));
    let word = from >> 5;
    let bits = words[word] & (-1 << (from & 31));
    while (word < last) {
      if (bits !== 0) return true;
      bits = words[++word]!;
    }
    return (bits & tail) !== 0;
  }
}
