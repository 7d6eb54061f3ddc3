import type { ScoreColumn } from "./score-column.ts";
import type { Window } from "./window.ts";

/**
 * Down upstream's implicit heap (see `tie-break.ts`) to the first rank in pre-order that has the best score of the window, where every
 * row of it is feasible, so that a rank is a distance from the start. Looks at few of many rows where many are tied.
 */
export function firstTiedRank(column: ScoreColumn, score: number, { start, length, found }: Window): number {
  let rank = 0;
  while (column.scores[(start + rank) % length] !== score) {
    const left = 2 * rank + 1;
    // Where many are tied, the next one often is.
    if (left < found && column.scores[(start + left) % length] === score) return left;
    rank = inSubtree(column, score, left, start, found) ? left : left + 1;
  }
  return rank;
}

/** A subtree is a range of ranks on each level; the widest has most chances. */
function inSubtree(column: ScoreColumn, score: number, root: number, start: number, found: number): boolean {
  let first = root;
  let width = 1;
  while (2 * first + 1 < found) {
    first = 2 * first + 1;
    width *= 2;
  }
  while (width > 0) {
    if (inRing(column, score, start + first, start + Math.min(found, first + width))) return true;
    first = (first - 1) >> 1;
    width >>= 1;
  }
  return false;
}

function inRing(column: ScoreColumn, score: number, from: number, end: number): boolean {
  const { length } = column;
  if (from >= end) return false;
  if (from >= length) return column.has(score, from - length, end - length);
  if (end <= length) return column.has(score, from, end);
  return column.has(score, from, length) || column.has(score, 0, end - length);
}
