/**
 * A binary heap of rows that can be changed and removed in place. Equal rows fall as in Go's container/heap (append and
 * sift up, swap the root with the last), because upstream's queues show that order to their users.
 */
export class RowHeap {
  readonly #before: (a: number, b: number) => boolean;
  readonly #rows: number[] = [];
  /** The place of each row in the heap. */
  readonly #places = new Map<number, number>();

  /** @param before whether row a is taken before row b */
  constructor(before: (a: number, b: number) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#rows.length;
  }

  /** Rows in heap order: the root first, no more than that. */
  get rows(): readonly number[] {
    return this.#rows;
  }

  has(row: number): boolean {
    return this.#places.has(row);
  }

  /** The row that `pop` would take; -1 when the heap is empty. */
  peek(): number {
    return this.#rows[0] ?? -1;
  }

  push(row: number): void {
    this.#put(row, this.#rows.length);
    this.#up(this.#rows.length - 1);
  }

  /** Takes the first row; -1 when the heap is empty. */
  pop(): number {
    const root = this.peek();
    if (root !== -1) this.remove(root);
    return root;
  }

  /** Takes a row out, wherever it stands; false when it is not there. */
  remove(row: number): boolean {
    const place = this.#places.get(row);
    if (place === undefined) return false;
    const last = this.#rows.length - 1;
    this.#swap(place, last);
    this.#rows.pop();
    this.#places.delete(row);
    if (place !== last && !this.#down(place)) this.#up(place);
    return true;
  }

  /** To be called after what `before` reads of a row has changed. */
  fix(row: number): void {
    const place = this.#places.get(row);
    if (place !== undefined && !this.#down(place)) this.#up(place);
  }

  #up(start: number): void {
    for (let i = start; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.#before(this.#rows[i], this.#rows[parent])) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #down(start: number): boolean {
    let i = start;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.#rows.length) break;
      const right = child + 1;
      if (right < this.#rows.length && this.#before(this.#rows[right], this.#rows[child])) child = right;
      if (!this.#before(this.#rows[child], this.#rows[i])) break;
      this.#swap(i, child);
      i = child;
    }
    return i > start;
  }

  #swap(a: number, b: number): void {
    const row = this.#rows[a];
    this.#put(this.#rows[b], a);
    this.#put(row, b);
  }

  #put(row: number, place: number): void {
    this.#rows[place] = row;
    this.#places.set(row, place);
  }
}
