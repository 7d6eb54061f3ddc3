import { replayRising } from "./replay-rising.ts";

/** What a heap needs of its items: a slot for it to write. An item is in one heap at most. */
export interface Placed {
  /** What the heap that it is in knows it by; -1 while it is in none. */
  slot: number;
}

/**
 * A binary heap of items that can be changed and removed in place, ordered by three numbers, the least first: by the first of
 * them, where that is equal by the second, then by the third. Equal items fall as in Go's container/heap (append and sift up, swap
 * the root with the last), because upstream's queues show that order to their users.
 *
 * What moves is numbers in columns; items are only looked at when they come and go.
 *
 * As long as every item pushed comes after the one pushed before it, the heap is a lane: items stand in the order of their coming
 * and are taken from the front. Once that no longer holds, the places that they would have come to are worked out from the pushes
 * and pops since the heap was last empty, and it is an ordinary heap until it is empty again. A push or a pop is worked out at most
 * once.
 */
export class PlacedHeap<T extends Placed> {
  /** By slot; in the lane a slot is the position, which counts pushes. */
  readonly #items: (T | undefined)[] = [];
  /** The three numbers of one item side by side: by place, in the lane by position. */
  #keys = new Float64Array(64 * 3);
  /**
   * By place, and behind the last place slots that are free. In the lane this is the layout from which `replayRising` goes on, of
   * the first `#settled` positions.
   */
  #slots = new Int32Array(64);
  #placeOf = new Int32Array(64);
  #size = 0;
  /** Slots that have been in use since the heap was a lane. */
  #slotCount = 0;

  #isLane = true;
  /** The first position that was not popped; 0 in the heap. */
  #head = 0;
  #settled = 0;
  /** By position. */
  #popsBefore = new Int32Array(64);
  /** For the keys to move into; of no length until it is needed. */
  #spareKeys = new Float64Array();

  get size(): number {
    return this.#size;
  }

  has(item: T): boolean {
    const { slot } = item;
    return slot !== -1 && this.#items[slot] === item;
  }

  /** The item that `pop` would take. */
  peek(): T | undefined {
    if (this.#size === 0) return undefined;
    return this.#items[this.#isLane ? this.#head : this.#slots[0]];
  }

  /** The first of the numbers of the item that `pop` would take; Infinity when there is none. */
  get leastKey(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#keys[3 * this.#head];
  }

  push(item: T, first: number, second = 0, third = 0): void {
    if (this.#isLane && this.#append(item, first, second, third)) return;
    const place = this.#size++;
    if (place === this.#slots.length) this.#grow();
    const slot = place < this.#slotCount ? this.#slots[place] : this.#slotCount++;
    this.#items[slot] = item;
    item.slot = slot;
    this.#up(place, slot, first, second, third);
  }

  pop(): T | undefined {
    if (this.#size === 0) return undefined;
    return this.#isLane ? this.#takeHead() : this.#takeOut(0);
  }

  /** Takes an item out, wherever it stands; false when it is not here. */
  remove(item: T): boolean {
    if (!this.has(item)) return false;
    if (this.#isLane) {
      if (item.slot === this.#head) {
        this.#takeHead();
        return true;
      }
      this.#leaveLane();
    }
    this.#takeOut(this.#placeOf[item.slot]);
    return true;
  }

  /** An item that is here gets other numbers. */
  fix(item: T, first: number, second = 0, third = 0): void {
    const { slot } = item;
    if (this.#isLane) {
      // Who has the same neighbours would have the same place.
      if (this.#isBetween(slot, first, second, third)) {
        this.#setKey(slot, first, second, third);
        return;
      }
      this.#leaveLane();
    }
    const place = this.#placeOf[slot];
    if (!this.#down(place, slot, first, second, third)) this.#up(place, slot, first, second, third);
  }

  /** All items as they would be popped: a copy of the same structure is emptied. */
  inOrder(): T[] {
    if (this.#isLane) return this.#items.slice(this.#head, this.#head + this.#size) as T[];
    const copy = new PlacedHeap<Placed & { readonly item: T }>();
    for (let place = 0; place < this.#size; place++) {
      const keys = this.#keys.subarray(3 * place, 3 * place + 3);
      // What is in order already stays where it is put.
      copy.push({ item: this.#items[this.#slots[place]]!, slot: -1 }, keys[0], keys[1], keys[2]);
    }
    const order: T[] = [];
    for (let first = copy.pop(); first !== undefined; first = copy.pop()) order.push(first.item);
    return order;
  }

  /** Whether numbers at a position of the lane, or at its end, come after those before it and before those after it. */
  #isBetween(position: number, first: number, second: number, third: number): boolean {
    const keys = this.#keys;
    const head = this.#head;
    if (position > head && !isLess(keys, 3 * (position - 1), first, second, third)) return false;
    return position + 1 >= head + this.#size || isGreater(keys, 3 * (position + 1), first, second, third);
  }

  /** Puts an item at the end of the lane; false when it does not belong there: then this is a lane no longer. */
  #append(item: T, first: number, second: number, third: number): boolean {
    if (!this.#isBetween(this.#head + this.#size, first, second, third)) {
      this.#leaveLane();
      return false;
    }
    if (this.#head + this.#size === this.#slots.length) this.#makeRoom();
    const position = this.#head + this.#size++;
    this.#items[position] = item;
    item.slot = position;
    this.#setKey(position, first, second, third);
    this.#popsBefore[position] = this.#head;
    return true;
  }

  #takeHead(): T {
    const head = this.#head++;
    const item = this.#items[head]!;
    this.#items[head] = undefined;
    item.slot = -1;
    if (--this.#size === 0) {
      this.#head = 0;
      this.#settled = 0;
    }
    return item;
  }

  /** A lane that was mostly popped moves to its beginning, another one gets longer. */
  #makeRoom(): void {
    const head = this.#head;
    const size = this.#size;
    if (head < size) {
      this.#grow();
      return;
    }
    this.#settle();
    const slots = this.#slots;
    for (let place = 0; place < size; place++) slots[place] -= head;
    this.#keys.copyWithin(0, 3 * head, 3 * (head + size));
    const items = this.#items;
    for (let position = 0; position < size; position++) {
      const item = items[head + position]!;
      items[head + position] = undefined;
      items[position] = item;
      item.slot = position;
    }
    this.#head = 0;
    this.#settled = size;
  }

  #settle(): void {
    replayRising(this.#slots, this.#settled, this.#popsBefore, this.#head + this.#size, this.#head);
  }

  /** The lane becomes the heap that it would have been. */
  #leaveLane(): void {
    const head = this.#head;
    const size = this.#size;
    const slots = this.#slots;
    const placeOf = this.#placeOf;
    // Without a pop everything is where it was put.
    const hasMoved = head > 0 || this.#settled > 0;
    this.#settle();
    for (let place = 0; place < size; place++) placeOf[slots[place]] = place;
    for (let position = 0; position < head; position++) slots[size + position] = position;
    if (hasMoved) this.#moveKeysToPlaces();
    this.#slotCount = head + size;
    this.#isLane = false;
    this.#head = 0;
    this.#settled = 0;
  }

  #moveKeysToPlaces(): void {
    const from = this.#keys;
    const to = this.#spareKeys.length === from.length ? this.#spareKeys : new Float64Array(from.length);
    for (let place = 0; place < this.#size; place++) {
      const k = 3 * this.#slots[place];
      to[3 * place] = from[k];
      to[3 * place + 1] = from[k + 1];
      to[3 * place + 2] = from[k + 2];
    }
    this.#keys = to;
    this.#spareKeys = from;
  }

  #takeOut(place: number): T {
    const slot = this.#slots[place];
    const item = this.#items[slot]!;
    this.#items[slot] = undefined;
    item.slot = -1;
    const last = --this.#size;
    if (place === last) {
      if (last === 0) this.#isLane = true;
      return item;
    }
    const keys = this.#keys;
    const moved = this.#slots[last];
    this.#slots[last] = slot;
    const first = keys[3 * last];
    const second = keys[3 * last + 1];
    const third = keys[3 * last + 2];
    if (!this.#down(place, moved, first, second, third)) this.#up(place, moved, first, second, third);
    return item;
  }

  /** Finds the place of an item that may rise from `place`, and puts it there. */
  #up(place: number, slot: number, first: number, second: number, third: number): void {
    const keys = this.#keys;
    let hole = place;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const k = 3 * parent;
      const rises =
        first === keys[k]
          ? second === keys[k + 1]
            ? third < keys[k + 2]
            : second < keys[k + 1]
          : first < keys[k];
      if (!rises) break;
      this.#move(parent, hole);
      hole = parent;
    }
    this.#put(hole, slot, first, second, third);
  }

  /** Puts an item into the place that it sinks to; false, with nothing done, when it does not sink. */
  #down(place: number, slot: number, first: number, second: number, third: number): boolean {
    const keys = this.#keys;
    const slots = this.#slots;
    const placeOf = this.#placeOf;
    const size = this.#size;
    let hole = place;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      if (child + 1 < size) child += secondIsLess(keys, 3 * child);
      const k = 3 * child;
      if (!isLess(keys, k, first, second, third)) break;
      const to = 3 * hole;
      keys[to] = keys[k];
      keys[to + 1] = keys[k + 1];
      keys[to + 2] = keys[k + 2];
      const moved = slots[child];
      slots[hole] = moved;
      placeOf[moved] = hole;
      hole = child;
    }
    if (hole === place) return false;
    this.#put(hole, slot, first, second, third);
    return true;
  }

  #move(from: number, to: number): void {
    const keys = this.#keys;
    keys[3 * to] = keys[3 * from];
    keys[3 * to + 1] = keys[3 * from + 1];
    keys[3 * to + 2] = keys[3 * from + 2];
    const slot = this.#slots[from];
    this.#slots[to] = slot;
    this.#placeOf[slot] = to;
  }

  #put(place: number, slot: number, first: number, second: number, third: number): void {
    const keys = this.#keys;
    keys[3 * place] = first;
    keys[3 * place + 1] = second;
    keys[3 * place + 2] = third;
    this.#slots[place] = slot;
    this.#placeOf[slot] = place;
  }

  #setKey(place: number, first: number, second: number, third: number): void {
    const keys = this.#keys;
    keys[3 * place] = first;
    keys[3 * place + 1] = second;
    keys[3 * place + 2] = third;
  }

  #grow(): void {
    const length = this.#slots.length * 2;
    this.#keys = longer(this.#keys, new Float64Array(length * 3));
    this.#slots = longer(this.#slots, new Int32Array(length));
    this.#placeOf = longer(this.#placeOf, new Int32Array(length));
    this.#popsBefore = longer(this.#popsBefore, new Int32Array(length));
    this.#spareKeys = new Float64Array();
  }
}

/**
 * 1 when of two neighbours, whose numbers begin at `k`, the second comes before the first, otherwise 0. Which one does is as good as
 * chance, so that guessing a branch would cost more than all the comparisons.
 */
function secondIsLess(keys: Float64Array, k: number): number {
  const less = Number(keys[k + 3] < keys[k]);
  const equal = Number(keys[k + 3] === keys[k]);
  const nextLess = Number(keys[k + 4] < keys[k + 1]);
  const nextEqual = Number(keys[k + 4] === keys[k + 1]);
  return less | (equal & (nextLess | (nextEqual & Number(keys[k + 5] < keys[k + 2]))));
}

/** Whether the three numbers at `k` come before the given ones. */
function isLess(keys: Float64Array, k: number, first: number, second: number, third: number): boolean {
  if (keys[k] !== first) return keys[k] < first;
  if (keys[k + 1] !== second) return keys[k + 1] < second;
  return keys[k + 2] < third;
}

/** Whether the three numbers at `k` come after the given ones. */
function isGreater(keys: Float64Array, k: number, first: number, second: number, third: number): boolean {
  if (keys[k] !== first) return keys[k] > first;
  if (keys[k + 1] !== second) return keys[k + 1] > second;
  return keys[k + 2] > third;
}

function longer<A extends Float64Array | Int32Array>(old: A, next: A): A {
  next.set(old);
  return next;
}
