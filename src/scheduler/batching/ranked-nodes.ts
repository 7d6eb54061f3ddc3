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
  readonly #heap: number[];

  constructor(parts: RankedNodesParts) {
    this.#parts = parts;
    this.#lots = lotsOf(parts);
    this.#heap = Array.from(parts.rows, (_, place) => place);
    this.#build();
  }

  get size(): number {
    return this.#heap.length;
  }

  /** Rows of the nodes that are left, in the order of the heap. */
  get rows(): Uint32Array {
    return Uint32Array.from(this.#heap, (place) => this.#parts.rows[place]);
  }

  /** Raw scores of the nodes that are left, in the order of `rows`. */
  get raw(): RawScores {
    return this.#parts.raw.map((scores) => scores && Int32Array.from(this.#heap, (place) => scores[place]));
  }

  /** Takes out the best node; there must be one. */
  pop(): number {
    const last = this.#heap.length - 1;
    this.#swap(0, last);
    this.#down(0, last);
    return this.#parts.rows[this.#heap.pop()!];
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
    for (let i = (this.#heap.length >> 1) - 1; i >= 0; i--) this.#down(i, this.#heap.length);
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
