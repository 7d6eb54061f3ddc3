/**
 * The pending events of a simulation: when (integer microseconds), what, about whom. Columns under one binary heap
 * ordered by time, then by the order in which the events were pushed, so that equal times are never left to chance.
 */
export class EventHeap {
  #time = new Float64Array(1024);
  #order = new Float64Array(1024);
  #what = new Int32Array(1024);
  #whom = new Int32Array(1024);
  #size = 0;
  #pushed = 0;

  /** The event taken by the last successful `pop`. */
  time = 0;
  what = 0;
  whom = 0;

  get size(): number {
    return this.#size;
  }

  /** How many events were ever pushed. */
  get pushed(): number {
    return this.#pushed;
  }

  /** The time of the earliest event; Infinity when there is none. */
  peekTime(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#time[0];
  }

  push(time: number, what: number, whom: number): void {
    if (this.#size === this.#time.length) this.#grow();
    const times = this.#time;
    const orders = this.#order;
    const order = this.#pushed++;
    let hole = this.#size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      // A new event has the greatest order: only a strictly earlier time lifts it.
      if (times[parent] <= time) break;
      this.#move(parent, hole);
      hole = parent;
    }
    times[hole] = time;
    orders[hole] = order;
    this.#what[hole] = what;
    this.#whom[hole] = whom;
  }

  /** Takes the earliest event into `time`, `what`, `whom`; false when there is none. */
  pop(): boolean {
    if (this.#size === 0) return false;
    this.time = this.#time[0]!;
    this.what = this.#what[0]!;
    this.whom = this.#whom[0]!;
    const last = --this.#size;
    if (last > 0) this.#sinkLast(last);
    return true;
  }

  #sinkLast(last: number): void {
    const times = this.#time;
    const orders = this.#order;
    const time = times[last];
    const order = orders[last];
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= last) break;
      const right = child + 1;
      if (right < last && this.#before(right, child)) child = right;
      if (times[child] > time || (times[child] === time && orders[child] > order)) break;
      this.#move(child, hole);
      hole = child;
    }
    this.#move(last, hole);
  }

  #before(a: number, b: number): boolean {
    const times = this.#time;
    return times[a] < times[b] || (times[a] === times[b] && this.#order[a] < this.#order[b]);
  }

  #move(from: number, to: number): void {
    this.#time[to] = this.#time[from]!;
    this.#order[to] = this.#order[from]!;
    this.#what[to] = this.#what[from]!;
    this.#whom[to] = this.#whom[from]!;
  }

  #grow(): void {
    const length = this.#time.length * 2;
    this.#time = grown(this.#time, new Float64Array(length));
    this.#order = grown(this.#order, new Float64Array(length));
    this.#what = grown(this.#what, new Int32Array(length));
    this.#whom = grown(this.#whom, new Int32Array(length));
  }
}

function grown<T extends Float64Array | Int32Array>(old: T, next: T): T {
  next.set(old);
  return next;
}
