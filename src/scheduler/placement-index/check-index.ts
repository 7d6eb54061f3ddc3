import { assert } from "../../base/assert.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { Nominations } from "../nominations.ts";
import { type Cycle, everyNode } from "../plugin.ts";
import { pluginScore } from "../plugin-score.ts";
import type { Profile, ProfilePlugin } from "../profile.ts";
import { readsOf } from "../reads-of.ts";
import type { Filter, Selection } from "../selection.ts";
import { checkScoreColumn } from "./check-score-column.ts";
import type { KindIndex } from "./kind-index.ts";
import type { RowIndex } from "./row-index.ts";
import { rejectedBy } from "./score-column.ts";

/** Where an index looks. */
export interface CheckedWorld {
  readonly cluster: Cluster;
  readonly profile: Profile;
  readonly nominations: Nominations | undefined;
}

/**
 * A debug mode: makes every part of an index of one kind anew, by the plugins alone and in another way, and demands that it be what
 * the index has. To be called after a decision about a pod of that kind, before anything changes.
 *
 * Parts, as numbered in messages: I1 a row is what the plugins say of its node; I2 maxima over rows; I3 bits and counts of feasible
 * rows; I4 classes are the sets of nodes that agree in all facts; I5 and I6 what is counted over pods and nodes gives the verdicts
 * and scores that a recount gives; I7 logs were read to their ends.
 *
 * @throws AssertionError that names the part that is broken
 */
export function checkIndex(index: KindIndex, cycle: Cycle, world: CheckedWorld): void {
  const { rows } = index;
  assert(rows !== undefined, "index: decided without rows");
  // What plugins keep they keep by kind: of one that nobody has seen they know nothing, and count anew.
  const fresh: Cycle = { ...cycle, pod: { ...cycle.pod } };
  checkLogs(index, rows, world);
  checkRows(rows, fresh, world);
  checkScoreColumn(rows.column, world.profile.plugins.length, "rows");
  checkRaw(rows, fresh, world);
  checkSay(index, rows, fresh);
  checkClasses(index, rows, cycle);
}

function checkLogs(index: KindIndex, rows: RowIndex, { cluster, nominations }: CheckedWorld): void {
  const { classes, position, nominated } = index.inspect();
  const read = rows.inspect();
  same(read.position, cluster.changes.end, "rows: how far changes were read (I7)");
  if (nominations !== undefined) {
    same(read.nominated, nominations.changes.end, "rows: how far nominations were read (I7)");
  }
  if (classes === undefined) return;
  same(position, cluster.changes.end, "classes: how far changes were read (I7)");
  if (nominations !== undefined) {
    same(nominated, nominations.changes.end, "classes: how far nominations were read (I7)");
  }
}

/** Plugins whose verdict on a node rests on no pod elsewhere, with their places in the profile. */
function readersOfRows(
  cycle: Cycle,
  { profile }: CheckedWorld,
): (ProfilePlugin & { readonly place: number })[] {
  return profile.plugins
    .map((used, place) => ({ ...used, place }))
    .filter(({ plugin }) => !["nothing", "cluster"].includes(readsOf(plugin, cycle.pod)));
}

function checkRows({ order, column }: RowIndex, cycle: Cycle, world: CheckedWorld): void {
  const readers = readersOfRows(cycle, world);
  const filters = readers.map(({ plugin, place }) => ({
    place,
    filter: plugin.filter?.(cycle) ?? everyNode,
  }));
  const scores = readers.flatMap(({ plugin, weight = 1 }) => {
    const scoring = pluginScore(plugin, cycle);
    return scoring === undefined || scoring.normalizeScore !== undefined ? [] : [{ weight, ...scoring }];
  });
  const verdict = (node: number): number => {
    const rejecting = filters.find(({ filter }) => !passes(filter, node));
    return rejecting === undefined ? 0 : rejectedBy(rejecting.place);
  };
  same(column.length, order.length, "rows: how many (I1)");
  for (let row = 0; row < order.length; row++) {
    const node = order[row];
    let expected = besideNominated(node, cycle, world, verdict) || verdict(node);
    if (expected === 0) {
      for (const { score, weight } of scores) {
        const cell = new Int32Array(1);
        score(only(node), cell);
        expected += cell[0] * weight;
      }
    }
    same(column.scores[row], expected, `row ${row}, node ${cycle.nodes.name(node)} (I1)`);
  }
}

/** The verdict when pods are there that are nominated to the node and no less important; 0 when there are none, or it passes. */
function besideNominated(
  node: number,
  { pod }: Cycle,
  { cluster, nominations }: CheckedWorld,
  verdict: (node: number) => number,
): number {
  const others = (nominations?.on(node) ?? []).map((row) => ({ row, kind: nominations!.kindOf(row) }));
  const above = others.filter(({ kind }) => kind.priority >= pod.priority);
  if (above.length === 0) return 0;
  const supposition = cluster.suppose(node);
  try {
    for (const { row, kind } of above) supposition.add(row, kind);
    return verdict(node);
  } finally {
    supposition.end();
  }
}

function checkRaw({ order, raw, constant }: RowIndex, cycle: Cycle, world: CheckedWorld): void {
  const all: Selection = { rows: Uint32Array.from(order), length: order.length };
  let place = 0;
  let sum: number | undefined = 0;
  for (const { plugin, weight = 1 } of readersOfRows(cycle, world)) {
    const scoring = pluginScore(plugin, cycle);
    if (scoring?.normalizeScore === undefined) continue;
    const fresh = new Int32Array(order.length);
    scoring.score(all, fresh);
    same(raw[place]?.join(" ") ?? "absent", fresh.join(" "), `raw scores of ${plugin.name} (I1)`);
    place++;
    if (fresh.some((score) => score !== fresh[0])) sum = undefined;
    scoring.normalizeScore(fresh, all);
    if (sum !== undefined) sum += fresh[0] * weight;
  }
  same(raw.length, place, "columns of raw scores (I1)");
  // That they do may go unnoticed, which costs time only.
  if (constant !== undefined) same(constant, sum, "what normalised scores add to all nodes alike (I1)");
}

/** What plugins say that read more than rows, as a recount says it. */
function checkSay({ say }: KindIndex, rows: RowIndex, cycle: Cycle): void {
  const passing: number[] = [];
  for (const [row, node] of rows.order.entries()) {
    let all = rows.column.scores[row] >= 0;
    for (const { plugin, standing, filters } of say.inspect()) {
      const expected = passes(plugin.filter?.(cycle) ?? everyNode, node);
      const kept = !filters || standing.passes(node);
      same(kept, expected, `verdict of ${plugin.name} on node ${cycle.nodes.name(node)} (I5, I6)`);
      if (!expected) all = false;
    }
    if (all) passing.push(node);
  }
  const selection: Selection = { rows: Uint32Array.from(passing), length: passing.length };
  for (const { plugin, standing, scores } of say.inspect()) {
    const scoring = pluginScore(plugin, cycle);
    const expected = new Int32Array(passing.length);
    scoring?.score(selection, expected);
    scoring?.normalizeScore?.(expected, selection);
    const kept = new Int32Array(passing.length);
    if (scores) standing.score(selection, kept);
    same(kept.join(" "), expected.join(" "), `scores of ${plugin.name} (I5, I6)`);
  }
}

function checkClasses(index: KindIndex, { order, raw, column }: RowIndex, { nodes }: Cycle): void {
  const { classes, columns } = index.inspect();
  if (classes === undefined) return;
  const classOf = new Map<string, number>();
  for (const [row, node] of order.entries()) {
    const values = [...raw.map((of) => of[row]), ...classes.facts.map((fact) => fact.at(node))].join(" ");
    const own = classOf.get(values) ?? classes.classOf[row];
    classOf.set(values, own);
    same(classes.classOf[row], own, `class of row ${row}, node ${nodes.name(node)} (I4)`);
  }
  same(new Set(classOf.values()).size, classOf.size, "classes that are told apart (I4)");
  same(classes.inUse, classOf.size, "classes in use (I4)");
  if (columns === undefined) return;
  const having = new Set<number>();
  for (const [row, own] of classes.classOf.entries()) {
    const score = column.scores[row];
    if (score >= 0) having.add(own);
    for (const [other, one] of columns.list.entries()) {
      const expected = other === own && score >= 0 ? score : rejectedBy(0);
      if (one !== undefined)
        same(one.scores[row], expected, `row ${row} in the column of class ${other} (I4)`);
    }
  }
  same(sorted(columns.classes), sorted(having), "classes that have a column (I4)");
  for (const own of having) checkScoreColumn(columns.list[own]!, 1, `class ${own}`);
}

function sorted(numbers: Iterable<number>): string {
  return [...numbers].sort((a, b) => a - b).join(" ");
}

function only(node: number): Selection {
  return { rows: Uint32Array.of(node), length: 1 };
}

function passes(filter: Filter, node: number): boolean {
  const one = only(node);
  filter(one);
  return one.length === 1;
}

function same(got: unknown, expected: unknown, what: string): void {
  assert(got === expected, `index: ${what}: is ${String(got)}, should be ${String(expected)}`);
}
