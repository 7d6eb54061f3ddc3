const WORD_SHIFT = 5;
const CHUNK_SHIFT = 10;
const WORDS_PER_CHUNK = 1 << (CHUNK_SHIFT - WORD_SHIFT);

/** A set of rows as bits, with a count per 1,024 of them, so that the k-th member is found without looking at the others. */
export class RowSet {
  readonly #words: Uint32Array;
  readonly #counts: Int32Array;
  #size = 0;
  #left = 0;

  /** @param length rows from 0 to `length - 1`; empty at first */
  constructor(length: number) {
    this.#words = new Uint32Array((length + 31) >> WORD_SHIFT);
    this.#counts = new Int32Array(Math.ceil(length / (1 << CHUNK_SHIFT)));
  }

  get size(): number {
    return this.#size;
  }

  /** The rows from `32 * index` on, as bits. */
  word(index: number): number {
    return this.#words[index];
  }

  /** Sets all rows from `32 * index` on by bits. */
  setWord(index: number, bits: number): void {
    const change = ones(bits) - ones(this.#words[index]);
    this.#words[index] = bits;
    this.#counts[index >> (CHUNK_SHIFT - WORD_SHIFT)] += change;
    this.#size += change;
  }

  has(row: number): boolean {
    return ((this.#words[row >> WORD_SHIFT] >>> (row & 31)) & 1) === 1;
  }

  /** The row must not be what it is set to already. */
  set(row: number, member: boolean): void {
    this.#words[row >> WORD_SHIFT] ^= 1 << (row & 31);
    const change = member ? 1 : -1;
    this.#counts[row >> CHUNK_SHIFT] += change;
    this.#size += change;
  }

  /** Members from `from` to `end`. */
  countBetween(from: number, end: number): number {
    if (from >= end) return 0;
    const first = from >> WORD_SHIFT;
    const last = (end - 1) >> WORD_SHIFT;
    const head = this.#words[first] & (-1 << (from & 31));
    const tailMask = -1 >>> (31 - ((end - 1) & 31));
    if (first === last) return ones(head & tailMask);
    let count = ones(head) + ones(this.#words[last] & tailMask);
    let word = first + 1;
    while (word < last) {
      if ((word & (WORDS_PER_CHUNK - 1)) === 0 && word + WORDS_PER_CHUNK <= last) {
        count += this.#counts[word >> (CHUNK_SHIFT - WORD_SHIFT)];
        word += WORDS_PER_CHUNK;
      } else {
        count += ones(this.#words[word]);
        word++;
      }
    }
    return count;
  }

  /** The k-th member, counted from 0, at or behind a row, going on at row 0 after the last; k must be less than the size. */
  select(from: number, k: number): number {
    let word = from >> WORD_SHIFT;
    let bits = this.#words[word] & (-1 << (from & 31));
    let left = k;
    for (;;) {
      const count = ones(bits);
      if (left < count) return (word << WORD_SHIFT) + placeOfBit(bits, left);
      left -= count;
      word = this.#skip(word + 1, left);
      left = this.#left;
      bits = this.#words[word]!;
    }
  }

  /** `select` over the union of sets that have no row in common, of equal length. */
  static selectAmong(sets: readonly RowSet[], from: number, k: number): number {
    if (sets.length === 1) return sets[0].select(from, k);
    const words = sets[0].#words.length;
    let word = from >> WORD_SHIFT;
    let mask = -1 << (from & 31);
    let left = k;
    for (;;) {
      let bits = 0;
      for (let i = 0; i < sets.length; i++) bits |= sets[i].#words[word];
      bits &= mask;
      const count = ones(bits);
      if (left < count) return (word << WORD_SHIFT) + placeOfBit(bits, left);
      left -= count;
      mask = -1;
      word = word + 1 === words ? 0 : word + 1;
      while ((word & (WORDS_PER_CHUNK - 1)) === 0) {
        let inChunk = 0;
        for (let i = 0; i < sets.length; i++) inChunk += sets[i].#counts[word >> (CHUNK_SHIFT - WORD_SHIFT)];
        if (left < inChunk) break;
        left -= inChunk;
        word = word + WORDS_PER_CHUNK >= words ? 0 : word + WORDS_PER_CHUNK;
      }
    }
  }

  /** Goes past whole chunks with no more than `left` members; what is left then is in `#left`. */
  #skip(from: number, left: number): number {
    let word = from;
    let rest = left;
    for (;;) {
      if (word >= this.#words.length) word = 0;
      if ((word & (WORDS_PER_CHUNK - 1)) !== 0) break;
      const inChunk = this.#counts[word >> (CHUNK_SHIFT - WORD_SHIFT)];
      if (rest < inChunk) break;
      rest -= inChunk;
      word += WORDS_PER_CHUNK;
    }
    this.#left = rest;
    return word;
  }
}

/** How many bits of a word are set. */
export function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The place of the k-th bit that is set, counted from 0. */
function placeOfBit(word: number, k: number): number {
  let bits = word;
  for (let i = 0; i < k; i++) bits &= bits - 1;
  return 31 - Math.clz32(bits & -bits);
}
