import type { ChangeLog } from "../../cluster/change-log.ts";
import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { NodeFact } from "../node-fact.ts";
import type { Selection } from "../selection.ts";
import { addScores } from "./add-scores.ts";
import { ClassColumns, FEW_CLASSES } from "./class-columns.ts";
import type { KindPlan } from "./kind-plan.ts";
import { NodeClasses } from "./node-classes.ts";
import { rejectedBy, ScoreColumn } from "./score-column.ts";
import type { Scratch } from "./scratch.ts";

/**
 * What is known of pods of one kind on every node: the sum of the scores that need no other node, or who rejects it. Its rows
 * are places in node order. It is brought up to date from the change log before it is asked.
 */
export class KindIndex {
  readonly epoch: number;
  readonly plan: KindPlan;
  readonly column: ScoreColumn;
  /** Raw scores that are normalised, a column per plugin of `plan.normalized`. */
  readonly raw: readonly Int32Array[];
  /** The raw score of each such plugin on the first node, and how many nodes have another one. */
  readonly #firstRaw: Int32Array;
  #differing = 0;
  /** What the normalised scores come to where no node has another raw score. */
  #constant = 0;
  /** How far the change log was read. */
  #position = 0;
  #classes: NodeClasses | undefined;
  /** Undefined while nobody asked, and where classes are many. */
  #columns: ClassColumns | undefined;
  /** A plugin gave a node a score outside of 0..100: the scan tells when that matters. */
  #broken = false;
  /** The last attempt that asked, and how much memory it was known to take then. */
  lastUse = 0;
  counted = 0;

  constructor(plan: KindPlan, nodes: NodeColumns, plugins: number) {
    this.plan = plan;
    this.epoch = nodes.epoch;
    this.column = new ScoreColumn(nodes.order.length, plugins);
    this.raw = plan.normalized.map(() => new Int32Array(nodes.order.length));
    this.#firstRaw = new Int32Array(plan.normalized.length);
  }

  /** About how much memory it takes. */
  get bytes(): number {
    const classes = this.#classes === undefined ? 0 : 4;
    return (
      this.column.length * (4.4 * (1 + (this.#columns?.list.length ?? 0)) + classes + 4 * this.raw.length)
    );
  }

  /** What normalised scores add to every node alike; undefined when they tell nodes apart. */
  get constant(): number | undefined {
    return this.#differing === 0 ? this.#constant : undefined;
  }

  /** Nodes told apart by raw scores and by facts; after `catchUp` with the same facts. */
  classes(facts: readonly NodeFact[], { order }: NodeColumns): NodeClasses {
    if (this.#classes === undefined) {
      this.#classes = new NodeClasses(order.length, facts, this.raw);
      for (let row = 0; row < order.length; row++) this.#classes.classify(row, order[row]);
    }
    return this.#classes;
  }

  get broken(): boolean {
    return this.#broken;
  }

  /** Columns of classes, where they are few; undefined otherwise. */
  columns(classes: NodeClasses): ClassColumns | undefined {
    if (classes.count > FEW_CLASSES) this.#columns = undefined;
    else this.#columns ??= new ClassColumns(this.column, classes);
    return this.#columns;
  }

  /** Takes in what changed since the last time. The facts must be up to date. */
  catchUp(nodes: NodeColumns, changes: ChangeLog, facts: readonly NodeFact[], scratch: Scratch): void {
    if (this.#classes !== undefined && !areSame(this.#classes.facts, facts)) this.#forgetClasses();
    const { end } = changes;
    if (this.#position < changes.start || end - this.#position > this.column.length) {
      this.build(nodes, changes, scratch);
      return;
    }
    for (let position = this.#position; position < end; position++) {
      const node = changes.at(position);
      const row = nodes.positions[node];
      // A node that left has no place.
      if (row >= 0) this.#update(node, row, scratch);
    }
    this.#position = end;
  }

  #forgetClasses(): void {
    this.#classes = undefined;
    this.#columns = undefined;
  }

  /** Looks at every node. */
  build(nodes: NodeColumns, changes: ChangeLog, scratch: Scratch): void {
    const { order } = nodes;
    scratch.reserve(order.length);
    this.#position = changes.end;
    this.#forgetClasses();
    this.#broken = false;
    this.#judgeAll(order, nodes, scratch);
    const { all } = scratch;
    this.#differing = 0;
    this.#constant = 0;
    this.plan.normalized.forEach(({ score, weight, normalize }, i) => {
      all.rows.set(order);
      all.length = order.length;
      score(all, this.raw[i]);
      const [first] = this.raw[i];
      this.#firstRaw[i] = first;
      for (const value of this.raw[i]) if (value !== first) this.#differing++;
      scratch.scores[0] = first;
      all.length = 1;
      normalize(scratch.scores, all);
      this.#constant += scratch.scores[0] * weight;
    });
  }

  /** Filters and plain scores of every node: each filter once, over those that the ones before it left. */
  #judgeAll(order: Uint32Array, { positions }: NodeColumns, scratch: Scratch): void {
    const { filters, scores } = this.plan;
    const { all, passed, totals } = scratch;
    all.rows.set(order);
    all.length = order.length;
    passed.fill(0, 0, order.length);
    for (let f = 0; f < filters.length; f++) {
      filters[f].run(all);
      for (let i = 0; i < all.length; i++) passed[positions[all.rows[i]]] = f + 1;
    }
    totals.fill(0, 0, all.length);
    for (const { score, weight } of scores) {
      score(all, scratch.scores);
      if (!addScores(scratch.scores, weight, totals, all.length)) this.#broken = true;
    }
    for (let row = 0; row < order.length; row++) {
      if (passed[row] < filters.length) this.column.set(row, rejectedBy(filters[passed[row]].plugin));
    }
    for (let i = 0; i < all.length; i++) this.column.set(positions[all.rows[i]], totals[i]);
  }

  #update(node: number, row: number, { one, score: cell }: Scratch): void {
    this.column.set(row, this.#judge(node, one, cell));
    for (let i = 0; i < this.raw.length; i++) {
      one.rows[0] = node;
      one.length = 1;
      this.plan.normalized[i].score(one, cell);
      const before = this.raw[i][row];
      this.raw[i][row] = cell[0];
      this.#differing += Number(cell[0] !== this.#firstRaw[i]) - Number(before !== this.#firstRaw[i]);
    }
    if (this.#classes === undefined) return;
    const before = this.#classes.classOf[row];
    this.#classes.classify(row, node);
    this.#columns?.set(row, before, this.column.scores[row]);
  }

  #judge(node: number, one: Selection, cell: Int32Array): number {
    const { filters, scores } = this.plan;
    one.rows[0] = node;
    one.length = 1;
    for (let f = 0; f < filters.length; f++) {
      filters[f].run(one);
      if (one.length === 0) return rejectedBy(filters[f].plugin);
    }
    let total = 0;
    for (let s = 0; s < scores.length; s++) {
      scores[s].score(one, cell);
      if (cell[0] < 0 || cell[0] > 100) this.#broken = true;
      total += cell[0] * scores[s].weight;
    }
    return total;
  }
}

function areSame(a: readonly NodeFact[], b: readonly NodeFact[]): boolean {
  return a.length === b.length && a.every((fact, i) => fact === b[i]);
}
