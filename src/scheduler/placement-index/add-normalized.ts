import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { Selection } from "../selection.ts";
import { addScores } from "./add-scores.ts";
import type { RowIndex } from "./row-index.ts";
import type { Scratch } from "./scratch.ts";

/** Adds the scores that are normalised among the selected nodes to their totals; false when one leaves 0..100. */
export function addNormalized(
  { plan: { normalized }, raw }: RowIndex,
  { positions }: NodeColumns,
  selection: Selection,
  { totals, scores }: Scratch,
): boolean {
  const { rows, length } = selection;
  for (let p = 0; p < normalized.length; p++) {
    for (let i = 0; i < length; i++) scores[i] = raw[p][positions[rows[i]]]!;
    normalized[p].normalize(scores, selection);
    if (!addScores(scores, normalized[p].weight, totals, length)) return false;
  }
  return true;
}
