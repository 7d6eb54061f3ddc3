import type { Cluster } from "../../cluster/cluster.ts";
import type { NodeFact } from "../node-fact.ts";
import type { Nominations } from "../nominations.ts";
import type { AlikeByRows } from "./alike-by-rows.ts";
import { ClassColumns, FEW_CLASSES, MANY_CLASSES } from "./class-columns.ts";
import type { OtherPlugin } from "./kind-plan.ts";
import { KindSay } from "./kind-say.ts";
import { NodeClasses } from "./node-classes.ts";
import type { RowIndex, Watched } from "./row-index.ts";

/**
 * What is known of pods of one kind: what they share with others that are alike by the rows of nodes, and what plugins say of them
 * that read more, for which nodes are told apart into classes.
 */
export class KindIndex {
  /** What it shares with others. */
  readonly alike: AlikeByRows;
  readonly epoch: number;
  /** What plugins say that read more than the row. */
  readonly say: KindSay;
  readonly #cluster: Cluster;
  readonly #nominations: Nominations | undefined;
  #classes: NodeClasses | undefined;
  /** Undefined while nobody asked, and where classes are many. */
  #columns: ClassColumns | undefined;
  /** What the classes were made of: how far the logs were read, and how often all rows had been looked at. */
  #position = 0;
  #nominated = 0;
  #builds = 0;
  #rows: RowIndex | undefined;
  /** How much memory it was known to take. */
  counted = 0;

  constructor(
    alike: AlikeByRows,
    epoch: number,
    others: readonly OtherPlugin[],
    { cluster, nominations }: Watched,
  ) {
    this.alike = alike;
    this.epoch = epoch;
    this.say = new KindSay(others);
    this.#cluster = cluster;
    this.#nominations = nominations;
  }

  get rows(): RowIndex | undefined {
    return this.alike.index;
  }

  /** About how much memory it takes, without what it shares. */
  get bytes(): number {
    if (this.#classes === undefined) return 0;
    const classes = 4;
    return this.#classes.classOf.length * (4.5 * (this.#columns?.count ?? 0) + classes);
  }

  /** Takes in what changed since the last time. The rows and the facts must be up to date. */
  catchUp(rows: RowIndex, facts: readonly NodeFact[]): void {
    const classes = this.#classes;
    if (classes === undefined) return;
    const { changes } = this.#cluster;
    const nominated = this.#nominations?.changes;
    if (
      this.#rows !== rows ||
      this.#builds !== rows.builds ||
      this.#position < changes.start ||
      (nominated !== undefined && this.#nominated < nominated.start) ||
      !areSame(classes.facts, facts)
    ) {
      this.#classes = undefined;
      this.#columns = undefined;
      return;
    }
    for (let position = this.#position; position < changes.end; position++) {
      const node = changes.at(position);
      if (position + 1 < changes.end && changes.at(position + 1) === node) continue;
      this.#classify(rows, classes, node);
    }
    this.#position = changes.end;
    if (nominated === undefined) return;
    for (let position = this.#nominated; position < nominated.end; position++) {
      this.#classify(rows, classes, nominated.at(position));
    }
    this.#nominated = nominated.end;
  }

  #classify(rows: RowIndex, classes: NodeClasses, node: number): void {
    const row = rows.placeOf(node);
    // A node that left has no place.
    if (!(row >= 0)) return;
    const before = classes.classOf[row];
    classes.classify(row, node);
    this.#columns?.set(row, before, rows.column.scores[row]);
  }

  /** Nodes told apart by raw scores and by facts; after `catchUp` with the same facts. */
  classes(rows: RowIndex, facts: readonly NodeFact[]): NodeClasses {
    if (this.#classes === undefined) {
      const { order, raw } = rows;
      this.#classes = new NodeClasses(order.length, facts, raw);
      for (let row = 0; row < order.length; row++) this.#classes.classify(row, order[row]);
      this.#position = this.#cluster.changes.end;
      this.#nominated = this.#nominations?.changes.end ?? 0;
      this.#builds = rows.builds;
      this.#rows = rows;
    }
    return this.#classes;
  }

  /** @internal What it keeps, to be checked. */
  inspect() {
    return {
      classes: this.#classes,
      columns: this.#columns,
      position: this.#position,
      nominated: this.#nominated,
    };
  }

  /** Columns of classes, where they are few; undefined otherwise. */
  columns(rows: RowIndex, classes: NodeClasses): ClassColumns | undefined {
    if (this.#columns === undefined) {
      if (classes.inUse <= FEW_CLASSES) this.#columns = new ClassColumns(rows.column, classes);
    } else if (classes.inUse > MANY_CLASSES) {
      this.#columns = undefined;
    }
    return this.#columns;
  }
}

function areSame(a: readonly NodeFact[], b: readonly NodeFact[]): boolean {
  return a === b || (a.length === b.length && a.every((fact, i) => fact === b[i]));
}
