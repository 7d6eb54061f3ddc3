/** A set of rows, one byte each. */
export class RowSet {
  #has = new Uint8Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(row: number): void {
    if (row >= this.#has.length) this.#grow(row + 1);
    if (this.#has[row] === 0) this.#size++;
    this.#has[row] = 1;
  }

  /** False when the row was not here. */
  delete(row: number): boolean {
    if (row >= this.#has.length || this.#has[row] === 0) return false;
    this.#has[row] = 0;
    this.#size--;
    return true;
  }

  clear(): void {
    if (this.#size > 0) this.#has.fill(0);
    this.#size = 0;
  }

  #grow(length: number): void {
    const has = new Uint8Array(Math.max(length, this.#has.length * 2));
    has.set(this.#has);
    this.#has = has;
  }
}
