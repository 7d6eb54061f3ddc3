import type { NodeClasses } from "./node-classes.ts";
import { rejectedBy, ScoreColumn } from "./score-column.ts";

/** With more classes than that it is quicker to walk over the rows. */
export const FEW_CLASSES = 8;

/** A row of another class. */
const ELSEWHERE = rejectedBy(0);

/** A column of scores per class of nodes, where there are few: rows of other classes are no rows there. */
export class ClassColumns {
  readonly list: ScoreColumn[] = [];
  readonly #rows: ScoreColumn;
  readonly #classes: NodeClasses;

  constructor(rows: ScoreColumn, classes: NodeClasses) {
    this.#rows = rows;
    this.#classes = classes;
    for (let row = 0; row < rows.length; row++) this.set(row, ELSEWHERE, rows.scores[row]);
  }

  /** The row has this score now, and is in the class that `classes` says; it was in another one before, or in none yet. */
  set(row: number, before: number, score: number): void {
    const own = this.#classes.classOf[row];
    if (before >= 0 && before !== own) this.list[before].set(row, ELSEWHERE);
    while (this.list.length <= own) this.list.push(new ScoreColumn(this.#rows.length, 1));
    this.list[own].set(row, score < 0 ? ELSEWHERE : score);
  }
}
