import { randomKey, uniformInt } from "../../base/random.ts";
import type { TieBreak } from "../profile.ts";
import { firstInPreOrder } from "../tie-break.ts";
import type { IndexedAttempt } from "./indexed-attempt.ts";
import type { Best, ScoreColumn } from "./score-column.ts";
import type { Scratch } from "./scratch.ts";
import { TiedRanks } from "./tied-ranks.ts";
import { firstTiedRank } from "./tied-rows.ts";
import { stretchesOf, type Window } from "./window.ts";

/** With so many ties to a rank that has one, looking for one near the root is cheaper than numbering them all. */
const DENSE = 8;

/** The chosen node where normalised scores tell no node apart: the best of the column in the window. */
export function chooseFromColumn(
  column: ScoreColumn,
  constant: number,
  { cycle, attempt, outcome }: IndexedAttempt,
  window: Window,
  rule: TieBreak,
  seed: number,
  scratch: Scratch,
): number {
  const { order } = cycle.nodes;
  const { best } = scratch;
  const { start, length } = window;
  const end = start + window.looked;
  best.score = -1;
  best.tied = 0;
  best.first = -1;
  // The stretch from row 0 comes first: `best` keeps the first that it meets, which the rule `first` wants.
  if (end > length) column.best(0, end - length, best);
  column.best(start, Math.min(end, length), best);
  outcome.tied = best.tied;
  outcome.score = best.score + constant;
  if (best.tied === 1 || rule === "first") return order[best.first];
  if (rule === "upstream") return order[upstream(column, best, window, scratch)];
  const count = rank(column, best.score, window, scratch.passed);
  const drawn = uniformInt(randomKey(seed, "tie"), cycle.row, attempt, count);
  return order[column.feasible.select(start, scratch.passed[drawn])];
}

function rank(column: ScoreColumn, score: number, window: Window, ranks: Int32Array): number {
  const { start } = window;
  const [end, wrappedEnd] = stretchesOf(window);
  const count = column.ranks(score, start, end, 0, ranks, 0);
  if (wrappedEnd === 0) return count;
  const before = column.feasible.countBetween(start, end);
  return column.ranks(score, 0, wrappedEnd, before, ranks, count);
}

/** The first of the best in pre-order of the implicit heap over the feasible rows in visiting order; see `tie-break.ts`. */
function upstream(column: ScoreColumn, best: Best, window: Window, scratch: Scratch): number {
  const { start, length, found, looked } = window;
  const root = found === looked ? start : column.feasible.select(start, 0);
  if (column.scores[root] === best.score) return root;
  if (found <= TiedRanks.MOST) {
    const { tiedColumns: tied, passing } = scratch;
    tied.count = 1;
    tied.columns[0] = column;
    tied.scores[0] = best.score;
    passing[0] = column.feasible;
    return scratch.tiedRanks.firstRow(window, tied, passing);
  }
  if (found === looked && best.tied * DENSE >= found) {
    return (start + firstTiedRank(column, best.score, window)) % length;
  }
  const count = rank(column, best.score, window, scratch.passed);
  const winner = firstInPreOrder(scratch.passed, count);
  return found === looked ? (start + winner) % length : column.feasible.select(start, winner);
}
