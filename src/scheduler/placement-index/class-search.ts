import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { Standing } from "../standing.ts";
import type { ClassColumns } from "./class-columns.ts";
import { FoundClasses } from "./found-classes.ts";
import { passesAll } from "./passes-all.ts";
import { RowSet } from "./row-set.ts";
import type { Best } from "./score-column.ts";
import type { Window } from "./window.ts";

/** A search over the columns of few classes, which looks at no row by itself. What it found stays until the next search. */
export class ClassSearch {
  readonly found = new FoundClasses();
  /** By class: whether it passed. */
  passes = new Uint8Array(64);
  /** By class found: the first row, in node order, with its best score. */
  first = new Int32Array(64);
  /** Rows of the classes that pass, as sets without a row in common. */
  readonly passing: RowSet[] = [];
  readonly #classes: number[] = [];
  readonly #cell: Best = { score: -1, tied: 0, first: -1 };

  search(
    columns: ClassColumns,
    filters: readonly Standing[],
    { start, wanted }: { readonly start: number; readonly wanted: number },
    { order }: NodeColumns,
  ): Window {
    this.#reserve(columns.list.length);
    const total = this.#judge(columns, filters, order);
    const window = this.#windowOf(order.length, total, start, wanted);
    const { length } = window;
    const behind = start + window.looked;
    const end = Math.min(behind, length);
    const wrappedEnd = behind - end;
    const cell = this.#cell;
    const { found } = this;
    for (let i = 0; i < this.#classes.length; i++) {
      const own = this.#classes[i];
      const column = columns.list[own]!;
      cell.score = -1;
      cell.tied = 0;
      // The stretch from row 0 first: `first` is then the first in node order.
      if (wrappedEnd > 0) column.best(0, wrappedEnd, cell);
      column.best(start, end, cell);
      if (cell.tied === 0) continue;
      const place = found.add(own, order[cell.first]) - 1;
      found.nodes.counts[place] =
        column.feasible.countBetween(start, end) + column.feasible.countBetween(0, wrappedEnd);
      found.best[place] = cell.score;
      found.ties[place] = cell.tied;
      this.first[place] = cell.first;
    }
    return window;
  }

  /** Judges each class by one of its nodes; how many nodes pass in all. */
  #judge(columns: ClassColumns, filters: readonly Standing[], order: Uint32Array): number {
    const { classes, list, rows } = columns;
    this.#classes.length = 0;
    for (let i = 0; i < classes.length; i++) {
      const own = classes[i];
      const passes = filters.length === 0 || passesAll(filters, order[columns.rowOf(own)]);
      this.passes[own] = Number(passes);
      if (passes) this.#classes.push(own);
    }
    this.passing.length = 0;
    if (this.#classes.length === classes.length) {
      this.passing.push(rows.feasible);
      return rows.feasible.size;
    }
    let total = 0;
    for (let i = 0; i < this.#classes.length; i++) {
      const { feasible } = list[this.#classes[i]]!;
      this.passing.push(feasible);
      total += feasible.size;
    }
    return total;
  }

  #windowOf(length: number, total: number, start: number, wanted: number): Window {
    if (total <= wanted) return { start, looked: length, found: total, length };
    const looked = total === length ? wanted : this.#looked(length, start, wanted);
    return { start, looked, found: wanted, length };
  }

  #looked(length: number, start: number, wanted: number): number {
    const end = RowSet.selectAmong(this.passing, start, wanted);
    return end < start ? end - start + length : end - start;
  }

  #reserve(classes: number): void {
    this.found.clear(classes);
    if (this.passes.length >= classes) return;
    this.passes = new Uint8Array(2 * classes);
    this.first = new Int32Array(2 * classes);
  }
}
