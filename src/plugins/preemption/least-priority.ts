import type { PodKind } from "../../cluster/pod-kind.ts";

interface Seen {
  count: number;
  least: number;
}

const seenOf = new WeakMap<readonly PodKind[], Seen>();

/** The least priority among kinds of pods, of a list that only grows; infinite when there is none. */
export function leastPriority(kinds: readonly PodKind[]): number {
  let seen = seenOf.get(kinds);
  if (seen === undefined) {
    seen = { count: 0, least: Number.POSITIVE_INFINITY };
    seenOf.set(kinds, seen);
  }
  for (; seen.count < kinds.length; seen.count++) {
    const { priority } = kinds[seen.count];
    if (priority < seen.least) seen.least = priority;
  }
  return seen.least;
}
