import type { NodeClasses } from "./node-classes.ts";
import { rejectedBy, ScoreColumn } from "./score-column.ts";

/** With no more classes than that each gets a column of its own; with more than the other number it is quicker to walk over the rows. */
export const FEW_CLASSES = 20;
export const MANY_CLASSES = 32;

/** A row of another class. */
const ELSEWHERE = rejectedBy(0);

/** A column of scores per class of nodes, where there are few: rows of other classes are no rows there. */
export class ClassColumns {
  /** By class; undefined where it has no feasible row. */
  readonly list: (ScoreColumn | undefined)[] = [];
  /** Classes that have one. */
  readonly classes: number[] = [];
  /** Columns without a row. */
  readonly #spare: ScoreColumn[] = [];
  /** The scores of all rows. */
  readonly rows: ScoreColumn;
  /** By class: a row that was in it when it was last written. */
  readonly #lastRow: number[] = [];
  readonly #nodes: NodeClasses;

  constructor(rows: ScoreColumn, nodes: NodeClasses) {
    this.rows = rows;
    this.#nodes = nodes;
    for (let row = 0; row < rows.length; row++) this.set(row, ELSEWHERE, rows.scores[row]);
  }

  /** How many columns there are. */
  get count(): number {
    return this.classes.length + this.#spare.length;
  }

  /** The row has this score now, and is in the class that `classes` says; it was in another one before, or in none yet. */
  set(row: number, before: number, score: number): void {
    const own = this.#nodes.classOf[row];
    if (before >= 0 && (before !== own || score < 0)) this.#remove(row, before);
    if (score < 0) return;
    (this.list[own] ?? this.#admit(own)).set(row, score);
    this.#lastRow[own] = row;
  }

  /** Some row of a class that has a column. */
  rowOf(own: number): number {
    const row = this.#lastRow[own];
    return this.#nodes.classOf[row] === own ? row : this.list[own]!.feasible.select(0, 0);
  }

  #remove(row: number, own: number): void {
    const column = this.list[own];
    if (column === undefined) return;
    column.set(row, ELSEWHERE);
    if (column.feasible.size > 0) return;
    this.list[own] = undefined;
    this.classes.splice(this.classes.indexOf(own), 1);
    this.#spare.push(column);
  }

  #admit(own: number): ScoreColumn {
    while (this.list.length <= own) {
      this.list.push(undefined);
      this.#lastRow.push(0);
    }
    const column = this.#spare.pop() ?? new ScoreColumn(this.rows.length, 1);
    this.list[own] = column;
    this.classes.push(own);
    return column;
  }
}
