import type { Cluster } from "../../cluster/cluster.ts";
import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { Nominations } from "../nominations.ts";
import { addScores } from "./add-scores.ts";
import type { KindPlan } from "./kind-plan.ts";
import { RowJudge } from "./row-judge.ts";
import { rejectedBy, ScoreColumn } from "./score-column.ts";
import type { Scratch } from "./scratch.ts";

const NEWCOMER = rejectedBy(0);

/** Where indexes of kinds look. */
export interface Watched {
  readonly cluster: Cluster;
  readonly nominations: Nominations | undefined;
  /** Plugins of the profile. */
  readonly plugins: number;
}

/**
 * What is known on every node of pods that are alike to the plugins that read rows: the sum of the scores that need no other node,
 * or who rejects it. Its rows are places in node order. It is brought up to date from the change log before it is asked.
 */
export class RowIndex {
  readonly epoch: number;
  readonly plan: KindPlan;
  readonly column: ScoreColumn;
  /** Raw scores that are normalised, a column per plugin of `plan.normalized`. */
  readonly raw: readonly Int32Array[];
  /** Of the pods: who is beside them on a node. */
  readonly #priority: number;
  readonly #watched: Watched;
  readonly #judge: RowJudge;
  /** The order of nodes that rows are places in. */
  readonly order: Uint32Array;
  readonly #positions: NodeColumns["positions"];
  /** What each node's object alone says: the sum of scores, or `rejectedBy` a plugin. */
  readonly #standing: Int32Array;
  /** The raw score of each such plugin on the first node, and how many nodes have another one. */
  readonly #firstRaw: Int32Array;
  #differing = 0;
  /** What the normalised scores come to where no node has another raw score. */
  #constant = 0;
  /** How far the logs were read. */
  #position = 0;
  #nominated = 0;
  /** How often every node was looked at: what was derived from the rows before is void. */
  builds = 0;
  /** A plugin gave a node a score outside of 0..100: the scan tells when that matters. */
  #broken = false;

  /** To be filled by `build` or `follow`. */
  constructor(priority: number, plan: KindPlan, watched: Watched) {
    const { nodes } = watched.cluster;
    const { length } = nodes.order;
    this.#priority = priority;
    this.#watched = watched;
    this.plan = plan;
    this.epoch = nodes.epoch;
    this.order = nodes.order;
    this.#positions = nodes.positions;
    this.#judge = new RowJudge(plan, nodes);
    this.column = new ScoreColumn(length, watched.plugins);
    this.#standing = new Int32Array(length);
    this.raw = plan.normalized.map(() => new Int32Array(length));
    this.#firstRaw = new Int32Array(plan.normalized.length);
  }

  /** About how much memory it takes. */
  get bytes(): number {
    return this.column.length * (4.5 + 4 + 4 * this.raw.length);
  }

  /** What normalised scores add to every node alike; undefined when they tell nodes apart. */
  get constant(): number | undefined {
    return this.#differing === 0 ? this.#constant : undefined;
  }

  /** How far the change log was read. */
  get position(): number {
    return this.#position;
  }

  get broken(): boolean {
    return this.#broken || this.#judge.broken;
  }

  /** Takes in what changed since the last time. */
  catchUp(scratch: Scratch): void {
    const { changes } = this.#watched.cluster;
    const { end } = changes;
    if (this.#position < changes.start || end - this.#position > this.column.length) {
      this.build(scratch);
      return;
    }
    for (let position = this.#position; position < end; position++) {
      const node = changes.at(position);
      // Victims of one preemption leave one node.
      if (position + 1 < end && changes.at(position + 1) === node) continue;
      const row = this.#positions[node];
      // A node that left has no place.
      if (row >= 0) this.#update(node, row, scratch);
    }
    this.#position = end;
    const { nominations } = this.#watched;
    if (nominations !== undefined && this.#nominated !== nominations.changes.end) {
      this.#lookAtNominated(nominations, scratch);
    }
  }

  /** @internal How far the logs were read. */
  inspect() {
    return { position: this.#position, nominated: this.#nominated };
  }

  /** The row of a node; -1 or undefined for one that left. */
  placeOf(node: number): number {
    return this.#positions[node];
  }

  /** Nodes on which others are expected than before. */
  #lookAtNominated({ changes }: Nominations, scratch: Scratch): void {
    if (this.#nominated < changes.start) {
      this.build(scratch);
      return;
    }
    for (let position = this.#nominated; position < changes.end; position++) {
      const node = changes.at(position);
      const row = this.#positions[node];
      if (row >= 0) this.#update(node, row, scratch);
    }
    this.#nominated = changes.end;
  }

  /** Looks at every node. */
  build(scratch: Scratch): void {
    const order = this.order;
    scratch.reserve(order.length);
    this.#begin();
    this.#broken = false;
    this.#standAll(scratch);
    const entries = scratch.totals;
    for (let row = 0; row < order.length; row++) entries[row] = this.#entry(order[row], row);
    this.column.load(entries);
    this.plan.normalized.forEach(({ score }, i) => {
      const { all } = scratch;
      all.rows.set(order);
      all.length = order.length;
      score(all, this.raw[i]);
    });
    this.#compareRaw(scratch);
  }

  #begin(): void {
    const { cluster, nominations } = this.#watched;
    this.#position = cluster.changes.end;
    this.#nominated = nominations?.changes.end ?? 0;
    this.builds++;
  }

  /**
   * Takes over what was known before nodes joined, left or changed, and looks at those alone; false when that is not to be had,
   * and `build` is to look at every node.
   */
  follow(before: RowIndex, scratch: Scratch): boolean {
    const { changes } = this.#watched.cluster;
    if (this.plan.readsNodes || before.plan.readsNodes || before.broken) return false;
    if (before.plan.shape !== this.plan.shape) return false;
    const { end } = changes;
    if (before.#position < changes.start || end - before.#position > this.column.length) return false;
    scratch.reserve(this.order.length);
    const from = before.#position;
    this.#begin();
    const moved = before.order === this.order ? undefined : before.#positions;
    const { scores } = before.column;
    const entries = scratch.totals;
    for (let row = 0; row < this.order.length; row++) {
      const place = moved === undefined ? row : (moved[this.order[row]] ?? -1);
      // A node that joined: it is in the log.
      entries[row] = place < 0 ? NEWCOMER : scores[place];
      this.#standing[row] = place < 0 ? NEWCOMER : before.#standing[place];
      for (let i = 0; i < this.raw.length; i++) this.raw[i][row] = place < 0 ? 0 : before.raw[i][place];
    }
    this.column.load(entries);
    for (let position = from; position < end; position++) {
      const node = changes.at(position);
      const row = this.#positions[node];
      if (row >= 0) this.#lookAgain(node, row, scratch);
    }
    this.#compareRaw(scratch);
    const { nominations } = this.#watched;
    this.#nominated = before.#nominated;
    if (nominations !== undefined) this.#lookAtNominated(nominations, scratch);
    return true;
  }

  /** At one node, of which also the object may have changed. */
  #lookAgain(node: number, row: number, scratch: Scratch): void {
    const { filters, scores } = this.plan.standing;
    const { one, score: cell } = scratch;
    one.rows[0] = node;
    one.length = 1;
    let standing = 0;
    for (let f = 0; f < filters.length && standing === 0; f++) {
      filters[f].run(one);
      if (one.length === 0) standing = rejectedBy(filters[f].plugin);
    }
    if (standing === 0) {
      for (const { score, weight } of scores) {
        score(one, cell);
        if (cell[0] < 0 || cell[0] > 100) this.#broken = true;
        standing += cell[0] * weight;
      }
    }
    this.#standing[row] = standing;
    this.column.set(row, this.#entry(node, row));
    one.length = 1;
    for (let i = 0; i < this.raw.length; i++) {
      this.plan.normalized[i].score(one, cell);
      this.raw[i][row] = cell[0]!;
    }
  }

  /** What every node's object says alone: each filter once, over those that the ones before it left. */
  #standAll({ all, passed, totals, scores: cells }: Scratch): void {
    const { filters, scores } = this.plan.standing;
    const order = this.order;
    const standing = this.#standing;
    if (filters.length === 0 && scores.length === 0) {
      standing.fill(0);
      return;
    }
    all.rows.set(order);
    all.length = order.length;
    passed.fill(0, 0, order.length);
    for (let f = 0; f < filters.length; f++) {
      filters[f].run(all);
      for (let i = 0; i < all.length; i++) passed[this.#positions[all.rows[i]]] = f + 1;
    }
    totals.fill(0, 0, all.length);
    for (const { score, weight } of scores) {
      score(all, cells);
      if (!addScores(cells, weight, totals, all.length)) this.#broken = true;
    }
    for (let row = 0; row < order.length; row++) {
      if (passed[row] < filters.length) standing[row] = rejectedBy(filters[passed[row]].plugin);
    }
    for (let i = 0; i < all.length; i++) standing[this.#positions[all.rows[i]]] = totals[i]!;
  }

  /** How raw scores differ, and what they come to where they do not. */
  #compareRaw({ scores, all }: Scratch): void {
    this.#differing = 0;
    this.#constant = 0;
    this.plan.normalized.forEach(({ weight, normalize }, i) => {
      const raw = this.raw[i];
      const [first] = raw;
      this.#firstRaw[i] = first;
      for (let row = 0; row < raw.length; row++) if (raw[row] !== first) this.#differing++;
      scores[0] = first;
      all.length = 1;
      normalize(scores, all);
      this.#constant += scores[0] * weight;
    });
  }

  #update(node: number, row: number, { one, score: cell }: Scratch): void {
    this.column.set(row, this.#entry(node, row));
    for (let i = 0; i < this.raw.length; i++) {
      if (this.plan.normalized[i].stands) continue;
      one.rows[0] = node;
      one.length = 1;
      this.plan.normalized[i].score(one, cell);
      const before = this.raw[i][row];
      this.raw[i][row] = cell[0];
      this.#differing += Number(cell[0] !== this.#firstRaw[i]) - Number(before !== this.#firstRaw[i]);
    }
  }

  #entry(node: number, row: number): number {
    const entry = this.#judge.judge(node, this.#standing[row]);
    const { nominations } = this.#watched;
    if (nominations === undefined || nominations.empty) return entry;
    const beside = this.#beside(node, row, nominations);
    return beside < 0 ? beside : entry;
  }

  /** Whether a node would do for a pod that is nominated to it; after `catchUp`. */
  takes(node: number, pod: number): boolean {
    const row = this.placeOf(node);
    const { nominations } = this.#watched;
    if (nominations !== undefined && this.#beside(node, row, nominations, pod) < 0) return false;
    return this.#judge.judge(node, this.#standing[row]) >= 0;
  }

  /**
   * Who rejects the node when the pods are there that are nominated to it and no less important; 0 when nobody does (upstream:
   * RunFilterPluginsWithNominatedPods).
   */
  #beside(node: number, row: number, nominations: Nominations, itself = -1): number {
    const others = nominations.on(node);
    const priority = this.#priority;
    const counts = (other: number): boolean =>
      other !== itself && nominations.kindOf(other).priority >= priority;
    if (!others.some(counts)) return 0;
    const supposition = this.#watched.cluster.suppose(node);
    try {
      for (const other of others) if (counts(other)) supposition.add(other, nominations.kindOf(other));
      return Math.min(0, this.#judge.judge(node, this.#standing[row]));
    } finally {
      supposition.end();
    }
  }
}
