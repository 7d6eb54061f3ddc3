/** Events in order of time, first in, first out: a ring of columns. */
export class EventLane {
  /** A power of two long. */
  #times = new Float64Array(16);
  #turns = new Float64Array(16);
  #whoms = new Int32Array(16);
  #first = 0;
  size = 0;
  /** The time of the event that came last. */
  lastTime = Number.NEGATIVE_INFINITY;

  /** Infinity when there is no event. */
  get firstTime(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.#times[this.#first];
  }

  /** Infinity when there is no event. */
  get firstTurn(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.#turns[this.#first];
  }

  /** An event that is no earlier than those before it. */
  push(time: number, turn: number, whom: number): void {
    if (this.size === this.#times.length) this.#grow();
    const place = (this.#first + this.size++) & (this.#times.length - 1);
    this.#times[place] = time;
    this.#turns[place] = turn;
    this.#whoms[place] = whom;
    this.lastTime = time;
  }

  /** Takes the first event out, of which there must be one; returns whom it is about. */
  shift(): number {
    const whom = this.#whoms[this.#first];
    this.#first = (this.#first + 1) & (this.#times.length - 1);
    this.size--;
    return whom;
  }

  #grow(): void {
    const first = this.#first;
    const length = this.#times.length * 2;
    this.#times = unrolled(this.#times, first, new Float64Array(length));
    this.#turns = unrolled(this.#turns, first, new Float64Array(length));
    this.#whoms = unrolled(this.#whoms, first, new Int32Array(length));
    this.#first = 0;
  }
}

/** A longer array that begins with what stands at `first` of a full ring. */
function unrolled<A extends Float64Array | Int32Array>(ring: A, first: number, next: A): A {
  next.set(ring.subarray(first));
  next.set(ring.subarray(0, first), ring.length - first);
  return next;
}
