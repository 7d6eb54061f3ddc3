import type { Selection } from "../selection.ts";
import type { RowSet } from "./row-set.ts";
import type { Best } from "./score-column.ts";
import { type TiedColumns, TiedRanks } from "./tied-ranks.ts";

/** Space that the indexes of one profile share, so that an attempt makes no garbage. */
export class Scratch {
  /** Room for every node; for one before anything is reserved. */
  all: Selection = { rows: new Uint32Array(1), length: 0 };
  scores = new Int32Array(0);
  totals = new Int32Array(0);
  /** How many filters each row has passed; ranks of ties. */
  passed = new Int32Array(0);
  readonly best: Best = { score: -1, tied: 0, first: -1 };
  readonly tiedRanks = new TiedRanks();
  readonly tiedColumns: TiedColumns = { count: 0, columns: [], scores: [] };
  /** Room for the rows of one column that pass. */
  readonly passing: RowSet[] = [];
  /** By class: the score that a node must have to win. */
  target = new Int32Array(0);
  /** Room for one node, and its score. */
  readonly one: Selection = { rows: new Uint32Array(1), length: 0 };
  readonly score = new Int32Array(1);

  targetOf(classes: number): Int32Array {
    if (this.target.length < classes) this.target = new Int32Array(classes);
    return this.target;
  }

  reserve(rows: number): void {
    if (this.scores.length >= rows) return;
    this.all = { rows: new Uint32Array(rows), length: 0 };
    this.scores = new Int32Array(rows);
    this.totals = new Int32Array(rows);
    this.passed = new Int32Array(rows);
  }
}
