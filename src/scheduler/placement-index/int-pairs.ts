const EMPTY = -1;

/** Pairs of 32-bit integers, numbered 0, 1, 2, … in the order in which they are first seen. */
export class IntPairs {
  #mask = 63;
  /** Three cells per place: the pair, and its number. */
  #cells = new Int32Array(3 * 64).fill(EMPTY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  numberOf(first: number, second: number): number {
    const cells = this.#cells;
    const mask = this.#mask;
    let place = hash(first, second) & mask;
    for (;;) {
      const cell = 3 * place;
      const number = cells[cell + 2];
      if (number === EMPTY) return this.#add(cell, first, second);
      if (cells[cell] === first && cells[cell + 1] === second) return number;
      place = (place + 1) & mask;
    }
  }

  #add(cell: number, first: number, second: number): number {
    const number = this.#size++;
    this.#cells[cell] = first;
    this.#cells[cell + 1] = second;
    this.#cells[cell + 2] = number;
    if (2 * this.#size > this.#mask) this.#widen();
    return number;
  }

  #widen(): void {
    const old = this.#cells;
    this.#mask = 2 * this.#mask + 1;
    const cells = new Int32Array(3 * (this.#mask + 1)).fill(EMPTY);
    for (let from = 0; from < old.length; from += 3) {
      if (old[from + 2] === EMPTY) continue;
      let place = hash(old[from], old[from + 1]) & this.#mask;
      while (cells[3 * place + 2] !== EMPTY) place = (place + 1) & this.#mask;
      cells.set(old.subarray(from, from + 3), 3 * place);
    }
    this.#cells = cells;
  }
}

function hash(first: number, second: number): number {
  const mixed = Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
