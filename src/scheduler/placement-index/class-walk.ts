import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { Standing } from "../standing.ts";
import { FoundClasses } from "./found-classes.ts";
import type { NodeClasses } from "./node-classes.ts";
import { passesAll } from "./passes-all.ts";
import type { ScoreColumn } from "./score-column.ts";
import type { Window } from "./window.ts";

/** What a walk knows of a class: nothing yet, that its nodes are rejected, or its place among those found, counted from 1. */
const UNSEEN = 0;
const REJECTED = -1;

/**
 * A walk over the rows from a start on, until one more than wanted passes; nodes of a class are judged by the first of them that is
 * met. What it found stays until the next walk.
 */
export class ClassWalk {
  /** Rows that passed, in visiting order. */
  rows = new Int32Array(0);
  found = 0;
  readonly classes = new FoundClasses();
  #state = new Int32Array(0);
  readonly #rejected: number[] = [];

  walk(
    column: ScoreColumn,
    classes: NodeClasses,
    filters: readonly Standing[],
    { start, wanted }: { readonly start: number; readonly wanted: number },
    { order }: NodeColumns,
  ): Window {
    const { length } = column;
    this.#reserve(length, classes.count);
    this.found = 0;
    let end = this.#stretch(column, classes, filters, start, length, wanted, order);
    if (end === length) end += this.#stretch(column, classes, filters, 0, start, wanted, order);
    return { start, looked: end - start, found: this.found, length };
  }

  /** Where it ended: at the row behind the last one wanted, or at the end of the stretch. */
  #stretch(
    { scores }: ScoreColumn,
    { classOf }: NodeClasses,
    filters: readonly Standing[],
    from: number,
    end: number,
    wanted: number,
    order: Uint32Array,
  ): number {
    const { rows } = this;
    const state = this.#state;
    const { best, ties } = this.classes;
    const { counts } = this.classes.nodes;
    let { found } = this;
    let row = from;
    for (; row < end; row++) {
      const score = scores[row];
      if (score < 0) continue;
      const own = classOf[row];
      let known = state[own];
      if (known === UNSEEN && !passesAll(filters, order[row])) {
        this.#rejected.push(own);
        state[own] = REJECTED;
        continue;
      }
      if (known === REJECTED) continue;
      if (found === wanted) break;
      rows[found++] = row;
      if (known === UNSEEN) {
        known = this.classes.add(own, order[row]);
        state[own] = known;
      }
      const place = known - 1;
      counts[place]++;
      const better = score - best[place];
      if (better === 0) ties[place]++;
      else if (better > 0) {
        best[place] = score;
        ties[place] = 1;
      }
    }
    this.found = found;
    return row;
  }

  #reserve(rows: number, classes: number): void {
    const { own, nodes } = this.classes;
    const state = this.#state;
    for (let i = 0; i < nodes.length; i++) state[own[i]] = UNSEEN;
    for (let i = 0; i < this.#rejected.length; i++) state[this.#rejected[i]] = UNSEEN;
    this.#rejected.length = 0;
    this.classes.clear(classes);
    if (this.rows.length < rows) this.rows = new Int32Array(rows);
    if (state.length < classes) this.#state = new Int32Array(2 * classes);
  }
}
