import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { Filter, Selection } from "../selection.ts";
import { passesAll } from "./passes-all.ts";
import { RowSet } from "./row-set.ts";
import type { Best, ScoreColumn } from "./score-column.ts";
import { stretchesOf, type Window } from "./window.ts";

/** What a search found, class by class. */
export interface FoundClasses {
  /** Classes with a node in the window that passes. */
  readonly live: Int32Array;
  readonly liveCount: number;
  /** By class: how many of its nodes are in the window, how many of these have its best score, and one node of it. */
  readonly count: Int32Array;
  readonly ties: Int32Array;
  readonly representative: Int32Array;
  best(own: number): number;
}

/** What a class is to a search: rejected or empty, passing, or passing with a node in the window. */
export const FAILS = 0;
const PASSES = 1;
export const LIVES = 2;

/** A search over the columns of few classes, which looks at no row by itself. What it found stays until the next search. */
export class ClassSearch implements FoundClasses {
  readonly live = new Int32Array(64);
  liveCount = 0;
  readonly count = new Int32Array(64);
  readonly ties = new Int32Array(64);
  readonly representative = new Int32Array(64);
  readonly state = new Uint8Array(64);
  /** The first row, in node order, with a class's best score. */
  readonly first = new Int32Array(64);
  /** Rows of the classes that pass, as sets. */
  readonly passing: RowSet[] = [];
  readonly #best = new Int32Array(64);
  readonly #classes: number[] = [];
  readonly #one: Selection = { rows: new Uint32Array(1), length: 0 };
  readonly #cell: Best = { score: -1, tied: 0, first: -1 };

  best(own: number): number {
    return this.#best[own];
  }

  search(
    columns: readonly ScoreColumn[],
    filters: readonly Filter[],
    { start, wanted }: { readonly start: number; readonly wanted: number },
    { order }: NodeColumns,
  ): Window {
    const total = this.#judge(columns, filters, order);
    const window = this.#windowOf(order.length, total, start, wanted);
    const [end, wrappedEnd] = stretchesOf(window);
    this.liveCount = 0;
    for (const own of this.#classes) {
      const column = columns[own];
      const count = column.feasible.countBetween(start, end) + column.feasible.countBetween(0, wrappedEnd);
      if (count === 0) continue;
      const cell = this.#cell;
      cell.score = -1;
      cell.tied = 0;
      // The stretch from row 0 first: `first` is then the first in node order.
      column.best(0, wrappedEnd, cell);
      column.best(start, end, cell);
      this.live[this.liveCount++] = own;
      this.state[own] = LIVES;
      this.count[own] = count;
      this.#best[own] = cell.score;
      this.ties[own] = cell.tied;
      this.first[own] = cell.first;
      this.representative[own] = order[cell.first];
    }
    return window;
  }

  /** Judges each class by one of its nodes; how many nodes pass in all. */
  #judge(columns: readonly ScoreColumn[], filters: readonly Filter[], order: Uint32Array): number {
    this.#classes.length = 0;
    this.passing.length = 0;
    let total = 0;
    for (let own = 0; own < columns.length; own++) {
      const { feasible } = columns[own];
      this.state[own] = FAILS;
      if (feasible.size === 0 || !passesAll(filters, order[feasible.select(0, 0)], this.#one)) continue;
      this.state[own] = PASSES;
      this.#classes.push(own);
      this.passing.push(feasible);
      total += feasible.size;
    }
    return total;
  }

  #windowOf(length: number, total: number, start: number, wanted: number): Window {
    if (total <= wanted) return { start, looked: length, found: total, length };
    const end = RowSet.selectAmong(this.passing, start, wanted);
    return { start, looked: (end - start + length) % length, found: wanted, length };
  }
}
