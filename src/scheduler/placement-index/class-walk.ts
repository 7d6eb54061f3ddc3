import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { Filter, Selection } from "../selection.ts";
import type { FoundClasses } from "./class-search.ts";
import type { NodeClasses } from "./node-classes.ts";
import { passesAll } from "./passes-all.ts";
import type { ScoreColumn } from "./score-column.ts";
import type { Window } from "./window.ts";

/** What a walk knows of a class: nothing yet, that its nodes are rejected, or their best score and this offset. */
const UNSEEN = 0;
const REJECTED = 1;
const SCORE_OFFSET = 2;

/**
 * A walk over the rows from a start on, until one more than wanted passes; nodes of a class are judged by the first of them that is
 * met. What it found stays until the next walk.
 */
export class ClassWalk implements FoundClasses {
  /** Rows that passed, in visiting order. */
  rows = new Int32Array(0);
  found = 0;
  /** Classes with a row that passed. */
  live = new Int32Array(0);
  liveCount = 0;
  /** By class: how many of its rows passed, how many of these have the best score, and the first node met. */
  count = new Int32Array(0);
  ties = new Int32Array(0);
  representative = new Int32Array(0);
  #state = new Int32Array(0);
  /** Classes that were met. */
  #met = new Int32Array(0);
  #metCount = 0;
  readonly #one: Selection = { rows: new Uint32Array(1), length: 0 };

  walk(
    column: ScoreColumn,
    classes: NodeClasses,
    filters: readonly Filter[],
    { start, wanted }: { readonly start: number; readonly wanted: number },
    { order }: NodeColumns,
  ): Window {
    const { length } = column;
    this.#reserve(length, classes.count);
    this.found = 0;
    this.liveCount = 0;
    let end = this.#stretch(column, classes, filters, start, length, wanted, order);
    if (end === length) end += this.#stretch(column, classes, filters, 0, start, wanted, order);
    return { start, looked: end - start, found: this.found, length };
  }

  /** The best score of a class that lives. */
  best(own: number): number {
    return this.#state[own] - SCORE_OFFSET;
  }

  /** Where it ended: at the row behind the last one wanted, or at the end of the stretch. */
  #stretch(
    { scores }: ScoreColumn,
    { classOf }: NodeClasses,
    filters: readonly Filter[],
    from: number,
    end: number,
    wanted: number,
    order: Uint32Array,
  ): number {
    const { rows, count, ties } = this;
    const state = this.#state;
    let { found } = this;
    let row = from;
    for (; row < end; row++) {
      const score = scores[row];
      if (score < 0) continue;
      const own = classOf[row];
      let known = state[own];
      if (known === UNSEEN) known = this.#meet(own, order[row], filters);
      if (known === REJECTED) continue;
      if (found === wanted) break;
      rows[found++] = row;
      if (count[own]++ === 0) this.live[this.liveCount++] = own;
      const mark = score + SCORE_OFFSET;
      if (mark === known) ties[own]++;
      else if (mark > known) {
        state[own] = mark;
        ties[own] = 1;
      }
    }
    this.found = found;
    return row;
  }

  /** Judges a class by one of its nodes; one that passes has a best score below all others. */
  #meet(own: number, node: number, filters: readonly Filter[]): number {
    this.#met[this.#metCount++] = own;
    this.count[own] = 0;
    this.ties[own] = 0;
    this.representative[own] = node;
    const known = passesAll(filters, node, this.#one) ? SCORE_OFFSET : REJECTED;
    this.#state[own] = known;
    return known;
  }

  #reserve(rows: number, classes: number): void {
    for (let i = 0; i < this.#metCount; i++) this.#state[this.#met[i]] = UNSEEN;
    this.#metCount = 0;
    if (this.rows.length < rows) this.rows = new Int32Array(rows);
    if (this.count.length >= classes) return;
    const room = 2 * classes;
    this.live = new Int32Array(room);
    this.count = new Int32Array(room);
    this.ties = new Int32Array(room);
    this.representative = new Int32Array(room);
    this.#state = new Int32Array(room);
    this.#met = new Int32Array(room);
  }
}
