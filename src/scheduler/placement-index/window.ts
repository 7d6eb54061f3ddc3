import type { RowSet } from "./row-set.ts";

/** The part of the ring of nodes that a search looks at: `looked` rows from `start` on, `found` of them feasible. */
export interface Window {
  readonly start: number;
  readonly looked: number;
  readonly found: number;
  /** Rows in all. */
  readonly length: number;
}

/** Ends at the feasible row behind the last one wanted, or after the whole ring (kube-scheduler's sampling). */
export function windowOf(feasible: RowSet, length: number, start: number, wanted: number): Window {
  if (feasible.size <= wanted) return { start, looked: length, found: feasible.size, length };
  const end = feasible.select(start, wanted);
  return { start, looked: (end - start + length) % length, found: wanted, length };
}

/** The end of the window's first stretch, and of the one that begins again at row 0; 0 when there is none. */
export function stretchesOf({ start, looked, length }: Window): readonly [end: number, wrappedEnd: number] {
  const end = start + looked;
  return end <= length ? [end, 0] : [length, end - length];
}
