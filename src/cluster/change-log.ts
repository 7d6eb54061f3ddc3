/**
 * Which nodes changed, in order: one entry per assume, forget, release or update of a node. Whoever keeps something per
 * node remembers how far it has read, and looks again only at the rows since. The log is a ring: a reader that fell
 * behind its start looks at everything.
 */
export class ChangeLog {
  readonly #ring: Int32Array;
  #end = 0;

  /** @param capacity entries kept; a power of two */
  constructor(capacity = 1 << 16) {
    this.#ring = new Int32Array(capacity);
  }

  /** How many entries were ever written; also the position of the next one. */
  get end(): number {
    return this.#end;
  }

  /** The oldest position that can still be read. */
  get start(): number {
    return Math.max(0, this.#end - this.#ring.length);
  }

  append(row: number): void {
    this.#ring[this.#end & (this.#ring.length - 1)] = row;
    this.#end++;
  }

  /** The row at a position from `start` to `end - 1`. */
  at(position: number): number {
    return this.#ring[position & (this.#ring.length - 1)];
  }
}
