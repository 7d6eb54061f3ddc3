import type { ClassColumns } from "./class-columns.ts";
import type { KindSay } from "./kind-say.ts";
import type { NodeClasses } from "./node-classes.ts";
import type { RowIndex } from "./row-index.ts";

/** A class that nobody has judged yet. */
const UNKNOWN = -1;

/** How many nodes each plugin rejects that tells nodes apart by class, where all nodes are rejected by somebody. */
export class ClassRejections {
  /** By place of the plugin in the profile. */
  readonly counts: Int32Array;
  #judged = new Int32Array(0);

  constructor(plugins: number) {
    this.counts = new Int32Array(plugins);
  }

  /** False where a plugin that reads rows comes after one of these: who rejects a node first would have to be asked node by node. */
  count(rows: RowIndex, say: KindSay, classes: NodeClasses, columns: ClassColumns | undefined): boolean {
    if (rows.plan.lastFilter > say.places[0]) return false;
    this.counts.fill(0);
    if (columns === undefined) this.#byRow(rows, say, classes);
    else this.#byColumn(rows, say, columns);
    return true;
  }

  #byColumn({ order }: RowIndex, say: KindSay, columns: ClassColumns): void {
    for (const own of columns.classes) {
      this.counts[this.#rejector(say, order[columns.rowOf(own)])] += columns.list[own]!.feasible.size;
    }
  }

  #byRow({ order, column }: RowIndex, say: KindSay, { classOf, count }: NodeClasses): void {
    if (this.#judged.length < count) this.#judged = new Int32Array(2 * count);
    const judged = this.#judged.fill(UNKNOWN, 0, count);
    for (let row = 0; row < order.length; row++) {
      if (column.scores[row] < 0) continue;
      const own = classOf[row];
      if (judged[own] === UNKNOWN) judged[own] = this.#rejector(say, order[row]);
      this.counts[judged[own]]++;
    }
  }

  #rejector({ filters, places }: KindSay, node: number): number {
    return places[filters.findIndex((filter) => !filter.passes(node))];
  }
}
