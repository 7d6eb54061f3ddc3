import { assert } from "../base/assert.ts";

/**
 * The smallest number of seeds with which any row of a table can be significant after Holm. With n pairs, all of
 * one sign, the signed-rank p-value is 2/2^n: nothing smaller exists. The smallest p of the table is multiplied
 * by its rows, so below this number no data whatever could give a verdict.
 *
 * At alpha = 0.05: 6 seeds for one row, 7 for three, 9 for twelve.
 */
export function seedsNeeded(rows: number, alpha = 0.05): number {
  assert(Number.isInteger(rows) && rows >= 1, `rows of a table: ${rows}`);
  assert(alpha > 0 && alpha < 1, `alpha outside 0..1 (${alpha})`);
  let n = 1;
  while (2 ** (1 - n) * rows > alpha) n++;
  return n;
}
