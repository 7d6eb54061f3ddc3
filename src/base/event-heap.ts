import { EventLane } from "./event-lane.ts";

/** Kinds of event are whole numbers below this, so that kind and order of pushing go into one number. */
const KINDS = 256;

/**
 * The pending events of a simulation: when (integer microseconds), what (0 to 255), about whom. Ordered by time, then by the order
 * in which the events were pushed, so that equal times are never left to chance.
 *
 * Most events happen a fixed while after they were planned, so that those of one kind are pushed in order of time: each kind has a
 * queue for them. The others are in one 4-ary heap.
 */
export class EventHeap {
  readonly #lanes: EventLane[] = [];
  /** The first event of each lane; Infinity when there is none. */
  #laneTime = new Float64Array(0);
  #laneTurn = new Float64Array(0);
  #heapTime = new Float64Array(1024);
  /** The order of pushing, times 256, plus the kind. */
  #heapTurn = new Float64Array(1024);
  #heapWhom = new Int32Array(1024);
  #heapSize = 0;
  #size = 0;
  #pushed = 0;

  /** The event taken by the last successful `pop`. */
  time = 0;
  what = 0;
  whom = 0;

  get size(): number {
    return this.#size;
  }

  push(time: number, what: number, whom: number): void {
    const turn = this.#pushed++ * KINDS + what;
    this.#size++;
    if (what >= this.#lanes.length) this.#addLanes(what + 1);
    const lane = this.#lanes[what];
    if (lane.size === 0) {
      this.#laneTime[what] = time;
      this.#laneTurn[what] = turn;
    } else if (time < lane.lastTime) {
      this.#lift(time, turn, whom);
      return;
    }
    lane.push(time, turn, whom);
  }

  /** Takes the earliest event into `time`, `what`, `whom`; false when there is none. */
  pop(): boolean {
    if (this.#size === 0) return false;
    this.#size--;
    const times = this.#laneTime;
    const turns = this.#laneTurn;
    let time = Number.POSITIVE_INFINITY;
    let turn = Number.POSITIVE_INFINITY;
    let first = -1;
    for (let kind = 0; kind < times.length; kind++) {
      const other = times[kind];
      if (other < time || (other === time && turns[kind] < turn)) {
        time = other;
        turn = turns[kind];
        first = kind;
      }
    }
    if (this.#heapSize > 0) {
      const other = this.#heapTime[0];
      if (other < time || (other === time && this.#heapTurn[0] < turn)) {
        this.#takeRoot();
        return true;
      }
    }
    const lane = this.#lanes[first];
    this.time = time;
    this.what = first;
    this.whom = lane.shift();
    times[first] = lane.firstTime;
    turns[first] = lane.firstTurn;
    return true;
  }

  #addLanes(count: number): void {
    while (this.#lanes.length < count) this.#lanes.push(new EventLane());
    const { length } = this.#laneTime;
    this.#laneTime = grown(this.#laneTime, new Float64Array(count)).fill(Number.POSITIVE_INFINITY, length);
    this.#laneTurn = grown(this.#laneTurn, new Float64Array(count)).fill(Number.POSITIVE_INFINITY, length);
  }

  /** Puts an event into the heap: it has the greatest turn, so that only a strictly earlier time lifts it. */
  #lift(time: number, turn: number, whom: number): void {
    if (this.#heapSize === this.#heapTime.length) this.#grow();
    const times = this.#heapTime;
    const turns = this.#heapTurn;
    const whoms = this.#heapWhom;
    let hole = this.#heapSize++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      if (times[parent] <= time) break;
      times[hole] = times[parent];
      turns[hole] = turns[parent];
      whoms[hole] = whoms[parent];
      hole = parent;
    }
    times[hole] = time;
    turns[hole] = turn;
    whoms[hole] = whom;
  }

  #takeRoot(): void {
    this.time = this.#heapTime[0];
    this.what = this.#heapTurn[0] % KINDS;
    this.whom = this.#heapWhom[0];
    const last = --this.#heapSize;
    if (last > 0) this.#sinkLast(last);
  }

  #sinkLast(last: number): void {
    const times = this.#heapTime;
    const turns = this.#heapTurn;
    const whoms = this.#heapWhom;
    const time = times[last];
    const turn = turns[last];
    let hole = 0;
    for (;;) {
      const first = 4 * hole + 1;
      if (first >= last) break;
      const end = Math.min(first + 4, last);
      let child = first;
      let earliest = times[first];
      for (let other = first + 1; other < end; other++) {
        const at = times[other];
        if (at < earliest || (at === earliest && turns[other] < turns[child])) {
          child = other;
          earliest = at;
        }
      }
      if (earliest > time || (earliest === time && turns[child] > turn)) break;
      times[hole] = earliest;
      turns[hole] = turns[child];
      whoms[hole] = whoms[child];
      hole = child;
    }
    times[hole] = time;
    turns[hole] = turn;
    whoms[hole] = whoms[last];
  }

  #grow(): void {
    const length = this.#heapTime.length * 2;
    this.#heapTime = grown(this.#heapTime, new Float64Array(length));
    this.#heapTurn = grown(this.#heapTurn, new Float64Array(length));
    this.#heapWhom = grown(this.#heapWhom, new Int32Array(length));
  }
}

function grown<A extends Float64Array | Int32Array>(old: A, next: A): A {
  next.set(old);
  return next;
}
