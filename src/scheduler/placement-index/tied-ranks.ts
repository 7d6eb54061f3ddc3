import type { ScoreColumn } from "./score-column.ts";
import type { Window } from "./window.ts";

/** A set of ranks as bits: places in visiting order, of a window of few rows that are all feasible. */
export class TiedRanks {
  /** Windows of more rows are for `TiedRows`, which does not look at all of them. */
  static readonly MOST = 2048;
  readonly #words = new Int32Array((TiedRanks.MOST >> 5) + 2);
  #found = 0;

  clear({ found }: Window): void {
    this.#found = found;
    this.#words.fill(0, 0, (found >> 5) + 1);
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
