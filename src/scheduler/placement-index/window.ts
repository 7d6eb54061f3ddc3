import type { RowSet } from "./row-set.ts";

/** The part of the ring of nodes that a search looks at: `looked` rows from `start` on, `found` of them feasible. */
export interface Window {
  readonly start: number;
  readonly looked: number;
  readonly found: number;
  /** Rows in all. */
  readonly length: number;
}

/** A window that is written again by every decision. */
export interface WritableWindow extends Window {
  start: number;
  looked: number;
  found: number;
  length: number;
}

/** Ends at the feasible row behind the last one wanted, or after the whole ring (kube-scheduler's sampling). */
export function setWindow(window: WritableWindow, feasible: RowSet, start: number, wanted: number): void {
  const { length } = window;
  window.start = start;
  if (feasible.size <= wanted) {
    window.looked = length;
    window.found = feasible.size;
    return;
  }
  const end = feasible.size === length ? start + wanted : feasible.select(start, wanted);
  const looked = end - start;
  window.looked = looked < 0 ? looked + length : looked;
  window.found = wanted;
}

/** The end of the window's first stretch, and of the one that begins again at row 0; 0 when there is none. */
export function stretchesOf({ start, looked, length }: Window): readonly [end: number, wrappedEnd: number] {
  const end = start + looked;
  return end <= length ? [end, 0] : [length, end - length];
}
