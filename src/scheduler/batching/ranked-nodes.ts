import { randomKey, uniform } from "../../base/random.ts";
import type { Column } from "../../cluster/column.ts";
import type { TieBreak } from "../profile.ts";
import type { RawScores } from "../scoring.ts";

export interface RankedNodesParts {
  /** Rows, in the order in which the heap is built over them. */
  readonly rows: Uint32Array;
  /** By place in `rows`. */
  readonly totals: Float64Array;
  readonly raw: RawScores;
  readonly tieBreak: TieBreak;
  /** `positions[row]`: the row's place in node order. */
  readonly positions: Column;
  /** The pod that was scored. */
  readonly pod: number;
  readonly seed: number;
}

/**
 * Nodes by their totals, the best one first: the binary heap that upstream's selectHost builds (pkg/scheduler/framework,
 * SortedScoredNodes), which decides among equal totals by its structure alone. Other tie rules order equal totals by themselves.
 */
export class RankedNodes {
  readonly #parts: RankedNodesParts;
  /** Among equal totals the greater one is better. */
  readonly #lots: Float64Array;
  /** Places, as a heap. */
  readonly #heap: Int32Array;
  #size: number;

  constructor(parts: RankedNodesParts) {
    this.#parts = parts;
    this.#lots = lotsOf(parts);
    this.#size = parts.rows.length;
    this.#heap = new Int32Array(this.#size);
    for (let place = 0; place < this.#size; place++) this.#heap[place] = place;
    this.#build();
  }

  get size(): number {
    return this.#size;
  }

  /** Rows of the nodes that are left, in the order of the heap. */
  get rows(): Uint32Array {
    const { rows } = this.#parts;
    const left = new Uint32Array(this.#size);
    for (let i = 0; i < left.length; i++) left[i] = rows[this.#heap[i]]!;
    return left;
  }

  /** Raw scores of the nodes that are left, in the order of `rows`. */
  get raw(): RawScores {
    return this.#parts.raw.map((scores) => {
      if (scores === undefined) return undefined;
      const left = new Int32Array(this.#size);
      for (let i = 0; i < left.length; i++) left[i] = scores[this.#heap[i]]!;
      return left;
    });
  }

  /** Takes out the best node; there must be one. */
  pop(): number {
    const last = --this.#size;
    this.#swap(0, last);
    this.#down(0, last);
    return this.#parts.rows[this.#heap[last]];
  }

  /** Takes out a node that was chosen among the best. */
  remove(row: number): void {
    const { rows } = this.#parts;
    if (rows[this.#heap[0]] !== row) {
      this.#lots[rows.indexOf(row)] = Number.POSITIVE_INFINITY;
      this.#build();
    }
    this.pop();
  }

  #build(): void {
    for (let i = (this.#size >> 1) - 1; i >= 0; i--) this.#down(i, this.#size);
  }

  #better(a: number, b: number): boolean {
    const { totals } = this.#parts;
    return totals[a] > totals[b] || (totals[a] === totals[b] && this.#lots[a] > this.#lots[b]);
  }

  #down(from: number, size: number): void {
    const heap = this.#heap;
    for (let i = from; ; ) {
      const left = 2 * i + 1;
      if (left >= size) return;
      const right = left + 1;
      const child = right < size && this.#better(heap[right], heap[left]) ? right : left;
      if (!this.#better(heap[child], heap[i])) return;
      this.#swap(i, child);
      i = child;
    }
  }

  #swap(i: number, j: number): void {
    const heap = this.#heap;
    const moved = heap[i];
    heap[i] = heap[j]!;
    heap[j] = moved;
  }
}

function lotsOf({ rows, tieBreak, positions, pod, seed }: RankedNodesParts): Float64Array {
  switch (tieBreak) {
    case "upstream":
      return new Float64Array(rows.length);
    case "first":
      return Float64Array.from(rows, (row) => -positions[row]);
    case "random": {
      const key = randomKey(seed, "batching tie");
      return Float64Array.from(rows, (row) => uniform(key, pod, row));
    }
  }
}
