import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { Filter, Selection } from "../selection.ts";
import type { ScoreColumn } from "./score-column.ts";
import { CHUNK } from "./scratch.ts";
import type { Window } from "./window.ts";

/**
 * Gathers rows that pass filters as well, from a start on, until one more than wanted is found; that one is left out, and ends the
 * window.
 * @param chunk room for `CHUNK` rows
 */
export function gatherFiltered(
  column: ScoreColumn,
  filters: readonly Filter[],
  { start, wanted }: { readonly start: number; readonly wanted: number },
  { order, positions }: NodeColumns,
  into: Selection,
  chunk: Selection,
): Window {
  const { length } = column;
  into.length = 0;
  let looked = 0;
  while (looked < length && into.length <= wanted) {
    chunk.length = 0;
    while (looked < length && chunk.length < CHUNK) {
      const row = (start + looked) % length;
      if (column.scores[row] >= 0) chunk.rows[chunk.length++] = order[row]!;
      looked++;
    }
    for (let f = 0; f < filters.length && chunk.length > 0; f++) filters[f](chunk);
    for (let i = 0; i < chunk.length; i++) into.rows[into.length++] = chunk.rows[i]!;
  }
  if (into.length > wanted) {
    looked = (positions[into.rows[wanted]] - start + length) % length;
    into.length = wanted;
  }
  return { start, looked, found: into.length, length };
}
