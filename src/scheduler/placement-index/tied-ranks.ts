import { ones, RowSet } from "./row-set.ts";
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
  static readonly MOST = 2047;
  /** Room for whole levels. */
  readonly #words = new Int32Array(((TiedRanks.MOST + 1) >> 5) + 2);
  readonly #subtrees = new Int32Array(((TiedRanks.MOST + 1) >> 5) + 6);
  #found = 0;

  /** The first tied row in pre-order of upstream's heap, of a window of no more rows than MOST; `feasible` are the rows that pass. */
  firstRow(window: Window, tied: TiedColumns, feasible: readonly RowSet[]): number {
    const { start, length, found, looked } = window;
    this.clear(window);
    if (found === looked) {
      for (let i = 0; i < tied.count; i++) this.add(tied.columns[i], tied.scores[i], window);
      const row = start + this.first();
      return row < length ? row : row - length;
    }
    const end = start + looked;
    const behind = this.#addFeasible(tied, feasible, start, Math.min(end, length), 0);
    this.#addFeasible(tied, feasible, 0, end - length, behind);
    return RowSet.selectAmong(feasible, start, this.first());
  }

  /** Empties the set. @internal */
  clear({ found }: Window): void {
    this.#found = found;
    const words = this.#words;
    // A call of `fill` costs more than so few words.
    for (let word = (2 << (31 - Math.clz32(found))) >> 5; word >= 0; word--) words[word] = 0;
  }

  /** Rows of this column with this score, which none in the window exceeds there. @internal */
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
  #addFeasible(
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

  /**
   * The first rank of the set in pre-order of upstream's implicit heap (see `tie-break.ts`); there must be one. From the leaves up it is
   * noted which subtrees have a member, level by level, 32 subtrees at a time; then it goes down to the left wherever there is one.
   */
  first(): number {
    const deepest = 31 - Math.clz32(this.#found);
    this.#foldLevels(deepest);
    const subtrees = this.#subtrees;
    let level = 0;
    let place = 0;
    for (;;) {
      const rank = (1 << level) - 1 + place;
      if ((this.#words[rank >> 5] & (1 << (rank & 31))) !== 0) return rank;
      level++;
      place *= 2;
      const left = subtrees[firstWord(level) + (place >> 5)];
      if ((left & (1 << (place & 31))) === 0) place++;
    }
  }

  #foldLevels(deepest: number): void {
    const subtrees = this.#subtrees;
    for (let level = deepest; level > 0; level--) {
      const from = firstWord(level);
      const below = firstWord(level + 1);
      const words = level < 5 ? 1 : 1 << (level - 5);
      for (let word = 0; word < words; word++) {
        let bits = this.#ofLevel(level, word);
        if (level < 5 && level < deepest) bits |= halved(subtrees[below]);
        else if (level < deepest) {
          bits |= halved(subtrees[below + 2 * word]) | (halved(subtrees[below + 2 * word + 1]) << 16);
        }
        subtrees[from + word] = bits;
      }
    }
  }

  /** Members of one level, 32 of its ranks at a time; level l begins with rank `2 ** l - 1`. */
  #ofLevel(level: number, word: number): number {
    const words = this.#words;
    if (level < 5) return (words[0] >>> ((1 << level) - 1)) & ((1 << (1 << level)) - 1);
    const first = (1 << (level - 5)) + word;
    return (words[first - 1] >>> 31) | (words[first] << 1);
  }
}

/** Where the subtrees of a level are noted. */
function firstWord(level: number): number {
  return level < 5 ? level : 4 + (1 << (level - 5));
}

/** One bit for each pair of bits: whether any of them is set. */
function halved(bits: number): number {
  let half = (bits | (bits >>> 1)) & 0x55555555;
  half = (half | (half >>> 1)) & 0x33333333;
  half = (half | (half >>> 2)) & 0x0f0f0f0f;
  half = (half | (half >>> 4)) & 0x00ff00ff;
  return (half | (half >>> 8)) & 0xffff;
}
