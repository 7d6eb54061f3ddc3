import { breakTie, firstInPreOrder } from "../tie-break.ts";
import { addScores } from "./add-scores.ts";
import type { Choice, OtherScore } from "./choice.ts";
import { DENSE } from "./choose-from-column.ts";
import type { ClassColumns } from "./class-columns.ts";
import { type ClassSearch, FAILS, type FoundClasses, LIVES } from "./class-search.ts";
import type { ClassWalk } from "./class-walk.ts";
import type { KindIndex } from "./kind-index.ts";
import type { NodeClasses } from "./node-classes.ts";
import { RowSet } from "./row-set.ts";
import type { Scratch } from "./scratch.ts";

const NO_SCORE = -1;

/**
 * Scores each class once, by one of its nodes, for as many as it has: within a class only the nodes' own scores differ. Notes the
 * best total and how many nodes have it.
 * @returns false when a score leaves 0..100, which is for the scan to tell
 */
export function scoreClasses(
  index: KindIndex,
  found: FoundClasses,
  others: readonly OtherScore[],
  { cycle, outcome }: Choice,
  scratch: Scratch,
): boolean {
  const { classes: selection, totals, scores } = scratch;
  const { positions } = cycle.nodes;
  const { rows, counts } = selection;
  const count = found.liveCount;
  for (let i = 0; i < count; i++) {
    const own = found.live[i];
    rows[i] = found.representative[own];
    counts[i] = found.count[own];
    totals[i] = found.best(own);
  }
  selection.length = count;
  const { normalized } = index.plan;
  for (let p = 0; p < normalized.length; p++) {
    const raw = index.raw[p];
    for (let i = 0; i < count; i++) scores[i] = raw[positions[rows[i]]]!;
    normalized[p].normalize(scores, selection);
    if (!addScores(scores, normalized[p].weight, totals, count)) return false;
  }
  for (const { score, weight, normalize } of others) {
    score(selection, scores);
    normalize?.(scores, selection);
    if (!addScores(scores, weight, totals, count)) return false;
  }
  let best = totals[0];
  for (let i = 1; i < count; i++) if (totals[i] > best) best = totals[i]!;
  let tied = 0;
  const target = scratch.targetOf(found.count.length);
  for (let i = 0; i < count; i++) {
    const own = found.live[i];
    const wins = totals[i] === best;
    if (wins) tied += found.ties[own];
    target[own] = wins ? found.best(own) : NO_SCORE;
  }
  outcome.score = best;
  outcome.tied = tied;
  return true;
}

/** The chosen node among those that a walk found, after `scoreClasses`. */
export function chooseFromWalk(
  { column }: KindIndex,
  { classOf }: NodeClasses,
  { rows, found }: ClassWalk,
  { cycle, outcome, rule, seed, attempt }: Choice,
  { passed: ranks, all, target }: Scratch,
): number {
  const { order, positions } = cycle.nodes;
  const { scores } = column;
  let tied = 0;
  for (let rank = 0; rank < found; rank++) {
    const row = rows[rank];
    if (scores[row] !== target[classOf[row]]) continue;
    // The first rank is the root of upstream's heap, and nothing comes before it.
    if (outcome.tied === 1 || (rank === 0 && rule === "upstream")) return order[row];
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
  { passed: ranks, all, tiedRows, target }: Scratch,
): number {
  const { order, positions } = cycle.nodes;
  const { start, length, found, looked } = window;
  let first = length;
  tiedRows.clear();
  for (let i = 0; i < search.liveCount; i++) {
    const own = search.live[i];
    if (target[own] === NO_SCORE) continue;
    first = Math.min(first, search.first[own]);
    tiedRows.add(list[own], target[own]);
  }
  if (outcome.tied === 1 || rule === "first") return order[first];
  if (rule === "upstream") {
    const root = RowSet.selectAmong(search.passing, start, 0);
    if (tiedRows.has(root)) return order[root];
    if (found === looked && outcome.tied * DENSE >= found)
      return order[(start + tiedRows.descend(window)) % length];
  }
  let tied = 0;
  let rank = 0;
  for (let i = 0; i < looked && tied < outcome.tied; i++) {
    const row = start + i < length ? start + i : start + i - length;
    const own = classOf[row];
    if (search.state[own] === FAILS) continue;
    const score = list[own].scores[row];
    if (score < 0) continue;
    if (search.state[own] === LIVES && score === target[own]) {
      ranks[tied++] = rank;
      all.rows[rank] = order[row]!;
    }
    rank++;
  }
  if (rule === "upstream") return all.rows[firstInPreOrder(ranks, tied)];
  const tie = { ranks, count: tied, rows: all.rows, positions, pod: cycle.row, attempt };
  return all.rows[breakTie(rule, tie, seed)];
}
