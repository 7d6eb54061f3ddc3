/** What a heap needs of its items: a place for it to write. An item is in one heap at most. */
export interface Placed {
  /** -1 while the item is in no heap. */
  place: number;
}

/**
 * A binary heap of items that can be changed and removed in place. Equal ones fall as in Go's container/heap (append and sift
 * up, swap the root with the last), because upstream's queues show that order to their users.
 */
export class PlacedHeap<T extends Placed> {
  readonly #before: (a: T, b: T) => boolean;
  readonly #items: T[] = [];

  /** @param before whether item a is taken before item b */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#items.length;
  }

  has(item: T): boolean {
    return this.#items[item.place] === item;
  }

  /** The item that `pop` would take. */
  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    item.place = this.#items.length;
    this.#items.push(item);
    this.#up(item.place);
  }

  pop(): T | undefined {
    const item = this.peek();
    if (item !== undefined) this.remove(item);
    return item;
  }

  /** Takes an item out, wherever it stands; false when it is not here. */
  remove(item: T): boolean {
    if (!this.has(item)) return false;
    const { place } = item;
    const last = this.#items.length - 1;
    this.#swap(place, last);
    this.#items.pop();
    item.place = -1;
    if (place !== last && !this.#down(place)) this.#up(place);
    return true;
  }

  /** To be called after what the order reads of an item has changed. */
  fix(item: T): void {
    if (this.has(item) && !this.#down(item.place)) this.#up(item.place);
  }

  /** All items as they would be popped: a copy of the same structure is emptied. */
  inOrder(): T[] {
    const copy = new PlacedHeap<Placed & { readonly item: T }>((a, b) => this.#before(a.item, b.item));
    for (const item of this.#items) copy.push({ item, place: -1 });
    const order: T[] = [];
    for (let first = copy.pop(); first !== undefined; first = copy.pop()) order.push(first.item);
    return order;
  }

  #up(start: number): void {
    for (let i = start; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.#before(this.#items[i], this.#items[parent])) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #down(start: number): boolean {
    let i = start;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.#items.length) break;
      const right = child + 1;
      if (right < this.#items.length && this.#before(this.#items[right], this.#items[child])) child = right;
      if (!this.#before(this.#items[child], this.#items[i])) break;
      this.#swap(i, child);
      i = child;
    }
    return i > start;
  }

  #swap(a: number, b: number): void {
    const item = this.#items[a];
    this.#put(this.#items[b], a);
    this.#put(item, b);
  }

  #put(item: T, place: number): void {
    this.#items[place] = item;
    item.place = place;
  }
}
