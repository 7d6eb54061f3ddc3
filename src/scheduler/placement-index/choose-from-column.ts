import { randomKey, uniformInt } from "../../base/random.ts";
import { firstInPreOrder } from "../tie-break.ts";
import type { Choice } from "./choice.ts";
import type { Best, ScoreColumn } from "./score-column.ts";
import type { Scratch } from "./scratch.ts";
import { stretchesOf, type Window } from "./window.ts";

/** With so many ties to a rank that has one, looking for one near the root is cheaper than numbering them all. */
export const DENSE = 8;

/** The chosen node where normalised scores tell no node apart: the best of the column in the window. */
export function chooseFromColumn(
  column: ScoreColumn,
  constant: number,
  choice: Choice,
  scratch: Scratch,
): number {
  const { cycle, window, outcome, rule } = choice;
  const { order } = cycle.nodes;
  const { start } = window;
  const [end, wrappedEnd] = stretchesOf(window);
  const best: Best = { score: -1, tied: 0, first: -1 };
  column.best(0, wrappedEnd, best);
  column.best(start, end, best);
  outcome.tied = best.tied;
  outcome.score = best.score + constant;
  if (best.tied === 1) return order[best.first];
  switch (rule) {
    case "first":
      // The stretch from row 0 was asked before: `best` keeps the first that it met.
      return order[best.first];
    case "upstream":
      return order[upstream(column, best, window, scratch)];
    case "random": {
      const count = rank(column, best.score, window, scratch.passed);
      const drawn = uniformInt(randomKey(choice.seed, "tie"), cycle.row, choice.attempt, count);
      return order[column.feasible.select(start, scratch.passed[drawn])];
    }
  }
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
  const root = column.feasible.select(start, 0);
  if (column.scores[root] === best.score) return root;
  if (found === looked && best.tied * DENSE >= found) {
    const { tiedRows } = scratch;
    tiedRows.clear();
    tiedRows.add(column, best.score);
    return (start + tiedRows.descend(window)) % length;
  }
  const count = rank(column, best.score, window, scratch.passed);
  const winner = firstInPreOrder(scratch.passed, count);
  return found === looked ? (start + winner) % length : column.feasible.select(start, winner);
}
