import type { Filter, Selection } from "../selection.ts";

/** Whether one node passes filters. @param one room for it */
export function passesAll(filters: readonly Filter[], node: number, one: Selection): boolean {
  one.rows[0] = node;
  one.length = 1;
  for (let f = 0; f < filters.length; f++) {
    filters[f](one);
    if (one.length === 0) return false;
  }
  return true;
}
