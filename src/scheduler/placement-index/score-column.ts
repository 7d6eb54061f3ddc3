import { RowSet } from "./row-set.ts";

const BLOCK_SHIFT = 6;
const BLOCK = 1 << BLOCK_SHIFT;
const GROUP_SHIFT = 12;
const BLOCKS_PER_GROUP = 1 << (GROUP_SHIFT - BLOCK_SHIFT);

/** The entry of a row that plugin `p` of the profile rejects. */
export function rejectedBy(plugin: number): number {
  return -2 - plugin;
}

/** The greatest score of a range, how many rows have it, and the first of them; -1, 0 and -1 where no row is feasible. */
export interface Best {
  score: number;
  tied: number;
  first: number;
}

/**
 * One score per row, or who rejects it, below a two-level maximum (blocks of 64 rows, groups of 4,096) that tells how many rows
 * have it: "best of these rows, and how often" costs a few blocks, whatever the number of rows. Rows are places in node order.
 */
export class ScoreColumn {
  readonly length: number;
  /** Each row's score; negative when it is rejected. To be written by `set` only. */
  readonly scores: Int32Array;
  readonly #blockMax: Int32Array;
  readonly #blockTies: Int32Array;
  readonly #groupMax: Int32Array;
  readonly #groupTies: Int32Array;
  readonly #rejected: Int32Array;
  /** The rows that no plugin rejects. */
  readonly feasible: RowSet;

  constructor(length: number, plugins: number) {
    this.length = length;
    this.scores = new Int32Array(length).fill(rejectedBy(0));
    const blocks = Math.ceil(length / BLOCK);
    const groups = Math.ceil(blocks / BLOCKS_PER_GROUP);
    this.#blockMax = new Int32Array(blocks).fill(-1);
    this.#blockTies = new Int32Array(blocks);
    this.#groupMax = new Int32Array(groups).fill(-1);
    this.#groupTies = new Int32Array(groups);
    this.#rejected = new Int32Array(plugins);
    this.#rejected[0] = length;
    this.feasible = new RowSet(length);
  }

  /** How many rows the plugin rejects. */
  rejections(plugin: number): number {
    return this.#rejected[plugin];
  }

  /** @param score 0 or more, or `rejectedBy` a plugin */
  set(row: number, score: number): void {
    const before = this.scores[row];
    if (before === score) return;
    this.scores[row] = score;
    if (before < 0) this.#rejected[-2 - before]--;
    if (score < 0) this.#rejected[-2 - score]++;
    if (before < 0 !== score < 0) this.feasible.set(row, score >= 0);
    this.#lift(row >> BLOCK_SHIFT, before, score);
  }

  /** Keeps the maxima true after one row of a block went from one score to another. */
  #lift(block: number, before: number, score: number): void {
    const max = this.#blockMax[block];
    const ties = this.#blockTies[block];
    if (score > max) {
      this.#blockMax[block] = score;
      this.#blockTies[block] = 1;
    } else if (score === max) {
      this.#blockTies[block]++;
    } else if (before === max) {
      this.#blockTies[block]--;
      if (ties === 1) this.#look(block);
    } else {
      return;
    }
    this.#liftGroup(block >> (GROUP_SHIFT - BLOCK_SHIFT), max, ties, block);
  }

  #look(block: number): void {
    const end = Math.min(this.length, (block + 1) << BLOCK_SHIFT);
    let max = -1;
    let ties = 0;
    for (let row = block << BLOCK_SHIFT; row < end; row++) {
      const score = this.scores[row];
      if (score > max) {
        max = score;
        ties = 1;
      } else if (score === max) {
        ties++;
      }
    }
    this.#blockMax[block] = max;
    this.#blockTies[block] = ties;
  }

  #liftGroup(group: number, before: number, tiesBefore: number, block: number): void {
    const max = this.#blockMax[block];
    const ties = this.#blockTies[block];
    const greatest = this.#groupMax[group];
    if (max > greatest) {
      this.#groupMax[group] = max;
      this.#groupTies[group] = ties;
      return;
    }
    let count = this.#groupTies[group];
    if (before === greatest) count -= tiesBefore;
    if (max === greatest) count += ties;
    this.#groupTies[group] = count;
    if (count === 0) this.#lookAtGroup(group);
  }

  #lookAtGroup(group: number): void {
    const end = Math.min(this.#blockMax.length, (group + 1) * BLOCKS_PER_GROUP);
    let max = -1;
    let ties = 0;
    for (let block = group * BLOCKS_PER_GROUP; block < end; block++) {
      const score = this.#blockMax[block];
      if (score > max) {
        max = score;
        ties = this.#blockTies[block]!;
      } else if (score === max) {
        ties += this.#blockTies[block];
      }
    }
    this.#groupMax[group] = max;
    this.#groupTies[group] = ties;
  }

  /** Adds the rows from `from` to `end` to what `best` tells of earlier ones. */
  best(from: number, end: number, best: Best): void {
    let row = from;
    while (row < end) {
      if ((row & (BLOCK - 1)) === 0 && row + BLOCK <= end) {
        const block = row >> BLOCK_SHIFT;
        if ((block & (BLOCKS_PER_GROUP - 1)) === 0 && row + (1 << GROUP_SHIFT) <= end) {
          const group = row >> GROUP_SHIFT;
          if (this.#groupMax[group] >= best.score) this.#addGroup(group, best);
          row += 1 << GROUP_SHIFT;
          continue;
        }
        if (this.#blockMax[block] >= best.score) this.#addBlock(block, best);
        row += BLOCK;
        continue;
      }
      const stop = Math.min(end, (row | (BLOCK - 1)) + 1);
      if (this.#blockMax[row >> BLOCK_SHIFT] >= best.score) this.#addRows(row, stop, best);
      row = stop;
    }
  }

  #addGroup(group: number, best: Best): void {
    const max = this.#groupMax[group];
    const ties = this.#groupTies[group];
    if (max === best.score) {
      best.tied += ties;
      return;
    }
    let block = group * BLOCKS_PER_GROUP;
    while (this.#blockMax[block] !== max) block++;
    best.score = max;
    best.tied = ties;
    best.first = this.#firstIn(block, max);
  }

  #addBlock(block: number, best: Best): void {
    const max = this.#blockMax[block];
    const ties = this.#blockTies[block];
    if (max === best.score) {
      best.tied += ties;
      return;
    }
    best.score = max;
    best.tied = ties;
    best.first = this.#firstIn(block, max);
  }

  #addRows(from: number, end: number, best: Best): void {
    for (let row = from; row < end; row++) {
      const score = this.scores[row];
      if (score > best.score) {
        best.score = score;
        best.tied = 1;
        best.first = row;
      } else if (score === best.score && score >= 0) {
        best.tied++;
      }
    }
  }

  #firstIn(block: number, score: number): number {
    let row = block << BLOCK_SHIFT;
    while (this.scores[row] !== score) row++;
    return row;
  }

  /** Whether a row from `from` to `end` has the score, which none of them exceeds. */
  has(score: number, from: number, end: number): boolean {
    let row = from;
    while (row < end) {
      const block = row >> BLOCK_SHIFT;
      const stop = Math.min(end, (row | (BLOCK - 1)) + 1);
      if (this.#blockMax[block] >= score) {
        if (stop - row === BLOCK) return true;
        for (let r = row; r < stop; r++) if (this.scores[r] === score) return true;
      }
      row = stop;
    }
    return false;
  }

  /** Writes the ranks of rows with the score among the feasible rows of a range, the first of which has rank `rank`. */
  ranks(score: number, from: number, end: number, rank: number, into: Int32Array, written: number): number {
    let row = from;
    let place = rank;
    let count = written;
    while (row < end) {
      const block = row >> BLOCK_SHIFT;
      const stop = Math.min(end, (row | (BLOCK - 1)) + 1);
      if (this.#blockMax[block] >= score) {
        for (let r = row; r < stop; r++) {
          const value = this.scores[r];
          if (value === score) into[count++] = place;
          if (value >= 0) place++;
        }
      } else {
        place += this.feasible.countBetween(row, stop);
      }
      row = stop;
    }
    return count;
  }
}
