import type { ScoreColumn } from "./score-column.ts";
import type { Window } from "./window.ts";

/** Rows with the best total, as columns and the score that a row must have there. */
export class TiedRows {
  readonly #columns: ScoreColumn[] = [];
  readonly #scores: number[] = [];
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  /** Rows of this column with this score, which none in the window exceeds there. */
  add(column: ScoreColumn, score: number): void {
    this.#columns[this.#count] = column;
    this.#scores[this.#count++] = score;
  }

  has(row: number): boolean {
    for (let i = 0; i < this.#count; i++) if (this.#columns[i].scores[row] === this.#scores[i]) return true;
    return false;
  }

  #between(from: number, end: number): boolean {
    for (let i = 0; i < this.#count; i++) if (this.#columns[i].has(this.#scores[i], from, end)) return true;
    return false;
  }

  /**
   * Down upstream's implicit heap (see `tie-break.ts`) to the first tied rank in pre-order, where every row of the window is
   * feasible, so that a rank is a distance from the start. Quick where many are tied.
   */
  descend({ start, length, found }: Window): number {
    let node = 0;
    while (!this.has((start + node) % length)) {
      const left = 2 * node + 1;
      // Where many are tied, the next one often is.
      if (left < found && this.has((start + left) % length)) return left;
      node = this.#inSubtree(start, length, left, found) ? left : left + 1;
    }
    return node;
  }

  /** A subtree is a range of ranks on each level; the widest has most chances. */
  #inSubtree(start: number, length: number, root: number, found: number): boolean {
    let first = root;
    let width = 1;
    while (2 * first + 1 < found) {
      first = 2 * first + 1;
      width *= 2;
    }
    while (width > 0) {
      if (this.#inRing(start + first, start + Math.min(found, first + width), length)) return true;
      first = (first - 1) >> 1;
      width >>= 1;
    }
    return false;
  }

  #inRing(from: number, end: number, length: number): boolean {
    if (from >= end) return false;
    if (from >= length) return this.#between(from - length, end - length);
    if (end <= length) return this.#between(from, end);
    return this.#between(from, length) || this.#between(0, end - length);
  }
}
