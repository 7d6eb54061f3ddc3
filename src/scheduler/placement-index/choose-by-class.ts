import { breakTie, firstInPreOrder, nextInPreOrder } from "../tie-break.ts";
import { addNormalized } from "./add-normalized.ts";
import { addScores } from "./add-scores.ts";
import type { Choice } from "./choice.ts";
import type { ClassColumns } from "./class-columns.ts";
import type { ClassSearch } from "./class-search.ts";
import type { ClassWalk } from "./class-walk.ts";
import type { FoundClasses } from "./found-classes.ts";
import type { WeightedStanding } from "./kind-say.ts";
import type { NodeClasses } from "./node-classes.ts";
import type { RowIndex } from "./row-index.ts";
import { RowSet } from "./row-set.ts";
import type { Scratch } from "./scratch.ts";
import { type TiedColumns, TiedRanks } from "./tied-ranks.ts";
import type { Window } from "./window.ts";

const NO_SCORE = -1;

/**
 * Scores each class once, by one of its nodes, for as many as it has: within a class only the nodes' own scores differ. Notes the
 * best total and how many nodes have it.
 * @returns false when a score leaves 0..100, which is for the scan to tell
 */
export function scoreClasses(
  index: RowIndex,
  found: FoundClasses,
  others: readonly WeightedStanding[],
  { cycle, outcome }: Choice,
  scratch: Scratch,
): boolean {
  const { totals, scores } = scratch;
  const { nodes: selection, own, best: bests, ties } = found;
  const count = selection.length;
  const { constant } = index;
  const plus = constant ?? 0;
  for (let i = 0; i < count; i++) totals[i] = bests[i] + plus;
  if (constant === undefined && !addNormalized(index, cycle.nodes, selection, scratch)) return false;
  for (let i = 0; i < others.length; i++) {
    others[i].standing.score(selection, scores);
    if (!addScores(scores, others[i].weight, totals, count)) return false;
  }
  let best = totals[0];
  for (let i = 1; i < count; i++) if (totals[i] > best) best = totals[i]!;
  let tied = 0;
  const target = scratch.targetOf(found.bound);
  for (let i = 0; i < count; i++) {
    const wins = totals[i] === best;
    if (wins) tied += ties[i];
    target[own[i]] = wins ? bests[i] : NO_SCORE;
  }
  outcome.score = best;
  outcome.tied = tied;
  return true;
}

/** The chosen node among those that a walk found, after `scoreClasses`. */
export function chooseFromWalk(
  { column }: RowIndex,
  { classOf }: NodeClasses,
  { rows, found }: ClassWalk,
  { cycle, outcome, rule, seed, attempt }: Choice,
  { passed: ranks, all, target }: Scratch,
): number {
  const { order, positions } = cycle.nodes;
  const { scores } = column;
  if (rule === "upstream") {
    let rank = 0;
    while (scores[rows[rank]] !== target[classOf[rows[rank]]]) rank = nextInPreOrder(rank, found);
    return order[rows[rank]];
  }
  let tied = 0;
  for (let rank = 0; rank < found; rank++) {
    const row = rows[rank];
    if (scores[row] !== target[classOf[row]]) continue;
    if (outcome.tied === 1) return order[row];
    ranks[tied++] = rank;
    all.rows[rank] = order[row]!;
  }
  const tie = { ranks, count: tied, rows: all.rows, positions, pod: cycle.row, attempt };
  return all.rows[breakTie(rule, tie, seed)];
}

/** The chosen node among those that a search over the columns of classes found, after `scoreClasses`. */
export function chooseFromSearch(
  { list }: ClassColumns,
  { classOf }: NodeClasses,
  search: ClassSearch,
  { cycle, outcome, rule, seed, attempt, window }: Choice,
  { passed: ranks, all, target, tiedRanks, tiedColumns }: Scratch,
): number {
  const { order, positions } = cycle.nodes;
  const { start, length, looked } = window;
  if (outcome.tied === 1 || rule === "first") return order[firstOfBest(search, target, length)];
  if (rule === "upstream") {
    const row =
      window.found <= TiedRanks.MOST
        ? firstTied(list, search, window, target, tiedRanks, tiedColumns)
        : nearRoot(list, classOf, search, window, target);
    if (row !== -1) return order[row];
  }
  let tied = 0;
  let rank = 0;
  for (let i = 0; i < looked && tied < outcome.tied; i++) {
    const row = start + i < length ? start + i : start + i - length;
    const own = classOf[row];
    const score = list[own]?.scores[row] ?? NO_SCORE;
    if (score < 0 || search.passes[own] === 0) continue;
    if (score === target[own]) {
      ranks[tied++] = rank;
      all.rows[rank] = order[row]!;
    }
    rank++;
  }
  if (rule === "upstream") return all.rows[firstInPreOrder(ranks, tied)];
  const tie = { ranks, count: tied, rows: all.rows, positions, pod: cycle.row, attempt };
  return all.rows[breakTie(rule, tie, seed)];
}

/** The first row, in node order, with the best total. */
function firstOfBest(search: ClassSearch, target: Int32Array, length: number): number {
  let first = length;
  const { own, nodes } = search.found;
  for (let i = 0; i < nodes.length; i++) {
    if (target[own[i]] !== NO_SCORE && search.first[i] < first) first = search.first[i];
  }
  return first;
}

/** The first row with the best total in pre-order of upstream's heap, in a window of few rows. */
function firstTied(
  list: ClassColumns["list"],
  { found: { own, nodes }, passing }: ClassSearch,
  window: Window,
  target: Int32Array,
  ranks: TiedRanks,
  tied: TiedColumns,
): number {
  tied.count = 0;
  for (let i = 0; i < nodes.length; i++) {
    if (target[own[i]] === NO_SCORE) continue;
    tied.columns[tied.count] = list[own[i]]!;
    tied.scores[tied.count++] = target[own[i]]!;
  }
  return ranks.firstRow(window, tied, passing);
}

/** Where some node of the window is rejected, each step looks for the row of a rank, and so many are tried. */
const STEPS = 24;

/** The first row with the best total in pre-order of upstream's heap (see `tie-break.ts`); -1 when it is not found soon. */
function nearRoot(
  list: ClassColumns["list"],
  classOf: Int32Array,
  search: ClassSearch,
  { start, length, found, looked }: Window,
  target: Int32Array,
): number {
  const dense = found === looked;
  let rank = 0;
  for (let step = 0; dense || step < STEPS; step++) {
    let row = start + rank;
    if (!dense) row = RowSet.selectAmong(search.passing, start, rank);
    else if (row >= length) row -= length;
    const own = classOf[row];
    if (list[own]!.scores[row] === target[own]) return row;
    rank = nextInPreOrder(rank, found);
  }
  return -1;
}
