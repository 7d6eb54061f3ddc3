import type { RowSet } from "../placement-index/row-set.ts";

/** Puts a row into a set or out of it, whether or not it is there already. */
export function markRow(set: RowSet, row: number, member: boolean): void {
  if (set.has(row) !== member) set.set(row, member);
}
