import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { Selection } from "../selection.ts";
import type { Standing } from "../standing.ts";
import { passesAll } from "./passes-all.ts";
import type { ScoreColumn } from "./score-column.ts";
import type { Window } from "./window.ts";

/**
 * Gathers rows that pass filters as well, from a start on, until one more than wanted is found; that one is left out, and ends the
 * window.
 */
export function gatherFiltered(
  column: ScoreColumn,
  filters: readonly Standing[],
  { start, wanted }: { readonly start: number; readonly wanted: number },
  { order }: NodeColumns,
  into: Selection,
): Window {
  const { length } = column;
  const { scores } = column;
  let found = 0;
  let looked = 0;
  for (let row = start; looked < length; looked++) {
    if (scores[row] >= 0 && passesAll(filters, order[row])) {
      if (found === wanted) break;
      into.rows[found++] = order[row]!;
    }
    row = row + 1 === length ? 0 : row + 1;
  }
  into.length = found;
  return { start, looked, found, length };
}
