import { ones, RowSet } from "./row-set.ts";

/** Rows per block, and blocks per group: what one word of bits can tell of. */
const SHIFT = 5;
const BLOCK = 1 << SHIFT;
const GROUP_SHIFT = 2 * SHIFT;
const GROUP = 1 << GROUP_SHIFT;

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
 * One score per row, or who rejects it, below a two-level maximum (blocks of 32 rows, groups of 32 blocks): each block knows as
 * bits which rows have its maximum, each group which blocks have its own and how many rows that makes. "Best of these rows,
 * and how often" costs a few words, whatever the number of rows. Rows are places in node order.
 */
export class ScoreColumn {
  readonly length: number;
  /** Each row's score; negative when it is rejected. To be written by `set` only. */
  readonly scores: Int32Array;
  readonly #blockMax: Int32Array;
  /** By block: the rows that have the maximum; none where no row is feasible. */
  readonly #blockBits: Int32Array;
  readonly #groupMax: Int32Array;
  readonly #groupTies: Int32Array;
  readonly #rejected: Int32Array;
  /** The rows that no plugin rejects. */
  readonly feasible: RowSet;

  constructor(length: number, plugins: number) {
    this.length = length;
    this.scores = new Int32Array(length).fill(rejectedBy(0));
    const blocks = (length + BLOCK - 1) >> SHIFT;
    const groups = (length + GROUP - 1) >> GROUP_SHIFT;
    this.#blockMax = new Int32Array(blocks).fill(-1);
    this.#blockBits = new Int32Array(blocks);
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
    if (before < 0 || score < 0) this.#admit(row, before, score);
    const block = row >> SHIFT;
    const bit = 1 << (row & (BLOCK - 1));
    const max = this.#blockMax[block];
    const bits = this.#blockBits[block];
    if (score > max) {
      this.#blockMax[block] = score;
      this.#blockBits[block] = bit;
    } else if (score === max) {
      this.#blockBits[block] = bits | bit;
    } else if (before === max && score < max) {
      const left = bits & ~bit;
      if (left === 0) this.#look(block);
      else this.#blockBits[block] = left;
    } else {
      return;
    }
    this.#lift(row >> GROUP_SHIFT, max, bits, block);
  }

  #admit(row: number, before: number, score: number): void {
    if (before < 0) this.#rejected[-2 - before]--;
    if (score < 0) this.#rejected[-2 - score]++;
    if (before < 0 !== score < 0) this.feasible.set(row, score >= 0);
  }

  #look(block: number): void {
    const first = block << SHIFT;
    const end = Math.min(this.length, first + BLOCK);
    const { scores } = this;
    let max = -1;
    let bits = 0;
    for (let row = first; row < end; row++) {
      const score = scores[row];
      if (score > max) {
        max = score;
        bits = 1 << (row - first);
      } else if (score === max) {
        bits |= 1 << (row - first);
      }
    }
    this.#blockMax[block] = max;
    this.#blockBits[block] = bits;
  }

  /** Keeps a group's maximum true after one of its blocks went from `before`, of the rows `bitsBefore`, to what it is now. */
  #lift(group: number, before: number, bitsBefore: number, block: number): void {
    const max = this.#blockMax[block];
    const greatest = this.#groupMax[group];
    if (max > greatest) {
      this.#groupMax[group] = max;
      this.#groupTies[group] = ones(this.#blockBits[block]);
      return;
    }
    let count = this.#groupTies[group];
    if (before === greatest) count -= ones(bitsBefore);
    if (max === greatest) count += ones(this.#blockBits[block]);
    this.#groupTies[group] = count;
    if (count === 0) this.#lookAtGroup(group);
  }

  #lookAtGroup(group: number): void {
    const first = group << SHIFT;
    const end = Math.min(this.#blockMax.length, first + BLOCK);
    let max = -1;
    let ties = 0;
    for (let block = first; block < end; block++) {
      const score = this.#blockMax[block];
      if (score > max) {
        max = score;
        ties = ones(this.#blockBits[block]);
      } else if (score === max) {
        ties += ones(this.#blockBits[block]);
      }
    }
    this.#groupMax[group] = max;
    this.#groupTies[group] = ties;
  }

  /** Writes every row anew, as by `set`; quicker than that where most of them change. */
  load(entries: Int32Array): void {
    const { scores, length, feasible } = this;
    const rejected = this.#rejected.fill(0);
    for (let block = 0; block < this.#blockMax.length; block++) {
      const first = block << SHIFT;
      const end = Math.min(length, first + BLOCK);
      let word = 0;
      for (let row = first; row < end; row++) {
        const entry = entries[row];
        scores[row] = entry;
        if (entry < 0) rejected[-2 - entry]++;
        else word |= 1 << (row - first);
      }
      feasible.setWord(block, word);
      this.#look(block);
    }
    for (let group = 0; group < this.#groupMax.length; group++) this.#lookAtGroup(group);
  }

  /** Adds the rows from `from` to `end` to what `best` tells of earlier ones. */
  best(from: number, end: number, best: Best): void {
    if (from >= end) return;
    const last = (end - 1) >> SHIFT;
    const head = from >> SHIFT;
    const headMask = -1 << (from & (BLOCK - 1));
    const tailMask = -1 >>> (BLOCK - 1 - ((end - 1) & (BLOCK - 1)));
    if (head === last) {
      this.#addPart(head, headMask & tailMask, best);
      return;
    }
    let block = head;
    if (headMask !== -1) this.#addPart(block++, headMask, best);
    const whole = tailMask === -1 ? last + 1 : last;
    let { score, tied } = best;
    let firstBlock = -1;
    while (block < whole) {
      if ((block & (BLOCK - 1)) === 0 && block + BLOCK <= whole) {
        const max = this.#groupMax[block >> SHIFT];
        if (max > score) {
          score = max;
          tied = this.#groupTies[block >> SHIFT];
          firstBlock = block;
          while (this.#blockMax[firstBlock] !== max) firstBlock++;
        } else if (max === score) {
          tied += this.#groupTies[block >> SHIFT];
        }
        block += BLOCK;
        continue;
      }
      const max = this.#blockMax[block];
      if (max > score) {
        score = max;
        tied = ones(this.#blockBits[block]);
        firstBlock = block;
      } else if (max === score) {
        tied += ones(this.#blockBits[block]);
      }
      block++;
    }
    if (firstBlock !== -1) best.first = (firstBlock << SHIFT) + lowest(this.#blockBits[firstBlock]);
    best.score = score;
    best.tied = score < 0 ? 0 : tied;
    if (whole === last) this.#addPart(last, tailMask, best);
  }

  /** Adds the rows of a block that a mask has. */
  #addPart(block: number, mask: number, best: Best): void {
    const max = this.#blockMax[block];
    if (max < best.score || max < 0) return;
    const bits = this.#blockBits[block] & mask;
    if (bits === 0) {
      this.#addRows(block << SHIFT, mask, best);
    } else if (max > best.score) {
      best.score = max;
      best.tied = ones(bits);
      best.first = (block << SHIFT) + lowest(bits);
    } else {
      best.tied += ones(bits);
    }
  }

  #addRows(first: number, mask: number, best: Best): void {
    const { scores } = this;
    for (let left = mask; left !== 0; left &= left - 1) {
      const row = first + lowest(left);
      if (row >= scores.length) return;
      const score = scores[row];
      if (score > best.score) {
        best.score = score;
        best.tied = 1;
        best.first = row;
      } else if (score === best.score && score >= 0) {
        best.tied++;
      }
    }
  }

  /** Which of the rows from `32 * block` on that a mask has have the score, as bits, where none of those exceeds it. */
  having(block: number, score: number, mask: number): number {
    const max = this.#blockMax[block];
    if (max < score) return 0;
    if (max === score) return this.#blockBits[block] & mask;
    const first = block << SHIFT;
    let bits = 0;
    for (let left = mask; left !== 0; left &= left - 1) {
      const place = lowest(left);
      if (this.scores[first + place] === score) bits |= 1 << place;
    }
    return bits;
  }

  /** Sets a bit for each row from `from` to `end` that has the score, which none of them exceeds; bit `place` is that of `from`. */
  addTied(score: number, from: number, end: number, words: Int32Array, place: number): void {
    const last = (end - 1) >> SHIFT;
    const tailMask = -1 >>> (BLOCK - 1 - ((end - 1) & (BLOCK - 1)));
    let mask = -1 << (from & (BLOCK - 1));
    const first = from >> SHIFT;
    // Where the first row of the block belongs, which may be before the first word.
    const shift = (place - from) & (BLOCK - 1);
    let word = (place - (from & (BLOCK - 1))) >> SHIFT;
    for (let block = first; block <= last; block++, word++) {
      if (block === last) mask &= tailMask;
      const bits = this.having(block, score, mask);
      mask = -1;
      if (bits === 0) continue;
      if (word >= 0) words[word] |= bits << shift;
      if (shift !== 0) words[word + 1] |= bits >>> (BLOCK - shift);
    }
  }

  /** Whether a row from `from` to `end` has the score, which none of them exceeds. */
  has(score: number, from: number, end: number): boolean {
    if (from >= end) return false;
    const last = (end - 1) >> SHIFT;
    const tailMask = -1 >>> (BLOCK - 1 - ((end - 1) & (BLOCK - 1)));
    let mask = -1 << (from & (BLOCK - 1));
    for (let block = from >> SHIFT; block < last; block++) {
      if (mask === -1 && (block & (BLOCK - 1)) === 0 && block + BLOCK <= last) {
        if (this.#groupMax[block >> SHIFT] >= score) return true;
        block += BLOCK - 1;
        continue;
      }
      if (this.having(block, score, mask) !== 0) return true;
      mask = -1;
    }
    return this.having(last, score, mask & tailMask) !== 0;
  }

  /** Writes the ranks of rows with the score among the feasible rows of a range, the first of which has rank `rank`. */
  ranks(score: number, from: number, end: number, rank: number, into: Int32Array, written: number): number {
    if (from >= end) return written;
    const { feasible } = this;
    const last = (end - 1) >> SHIFT;
    const tailMask = -1 >>> (BLOCK - 1 - ((end - 1) & (BLOCK - 1)));
    let mask = -1 << (from & (BLOCK - 1));
    let place = rank;
    let count = written;
    for (let block = from >> SHIFT; block <= last; block++) {
      if (block === last) mask &= tailMask;
      const word = feasible.word(block) & mask;
      for (let bits = this.having(block, score, mask); bits !== 0; bits &= bits - 1) {
        into[count++] = place + ones(word & ((bits & -bits) - 1));
      }
      place += ones(word);
      mask = -1;
    }
    return count;
  }
}

function lowest(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
