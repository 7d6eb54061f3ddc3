import { breakTie } from "../tie-break.ts";
import { addNormalized } from "./add-normalized.ts";
import { addScores } from "./add-scores.ts";
import type { Choice } from "./choice.ts";
import type { WeightedStanding } from "./kind-say.ts";
import type { RowIndex } from "./row-index.ts";
import type { Scratch } from "./scratch.ts";

/** The chosen node among the feasible rows that were gathered in `scratch.all`, two or more: each is added up; -1 when a score leaves 0..100. */
export function chooseAmong(
  index: RowIndex,
  others: readonly WeightedStanding[],
  choice: Choice,
  scratch: Scratch,
): number {
  const { cycle, outcome } = choice;
  const { positions } = cycle.nodes;
  const { all, totals, scores, passed: ranks } = scratch;
  const count = all.length;
  for (let i = 0; i < count; i++) totals[i] = index.column.scores[positions[all.rows[i]]]!;
  const { constant } = index;
  if (constant === undefined) {
    if (!addNormalized(index, cycle.nodes, all, scratch)) return -1;
  } else for (let i = 0; i < count; i++) totals[i] += constant;
  for (const { standing, weight } of others) {
    standing.score(all, scores);
    if (!addScores(scores, weight, totals, count)) return -1;
  }
  let best = totals[0];
  for (let i = 1; i < count; i++) if (totals[i] > best) best = totals[i]!;
  let tied = 0;
  for (let i = 0; i < count; i++) if (totals[i] === best) ranks[tied++] = i;
  outcome.score = best;
  outcome.tied = tied;
  const tie = { ranks, count: tied, rows: all.rows, positions, pod: cycle.row, attempt: choice.attempt };
  return all.rows[breakTie(choice.rule, tie, choice.seed)];
}
