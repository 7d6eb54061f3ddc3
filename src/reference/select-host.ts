import { randomKey, uniformInt } from "../base/random.ts";
import type { TieBreak } from "../scheduler/profile.ts";

interface Scored {
  readonly place: number;
  readonly total: bigint;
}

/** Who asks; only chance reads it. */
export interface Asker {
  readonly seed: number;
  readonly row: number;
  readonly attempt: number;
}

/**
 * The place in the feasible list that a tie rule takes. `positions[place]` is the node's place in node order.
 * `upstream` builds the heap that selectHost builds and takes its root.
 */
export function selectHost(
  rule: TieBreak,
  totals: readonly bigint[],
  positions: readonly number[],
  asker: Asker,
): number {
  if (rule === "upstream") return heapRoot(totals);
  const best = bestPlaces(totals);
  if (best.length === 1) return best[0];
  if (rule === "first") return best.reduce((a, b) => (positions[b] < positions[a] ? b : a));
  return best[uniformInt(randomKey(asker.seed, "tie"), asker.row, asker.attempt, best.length)];
}

/** The places with the greatest total, ascending. */
export function bestPlaces(totals: readonly bigint[]): number[] {
  return [...totals.keys()].filter((place) => totals.every((total) => total <= totals[place]));
}

function heapRoot(totals: readonly bigint[]): number {
  const heap: Scored[] = totals.map((total, place) => ({ place, total }));
  for (let i = Math.trunc(heap.length / 2) - 1; i >= 0; i--) down(heap, i);
  return heap[0].place;
}

function down(heap: Scored[], start: number): void {
  let i = start;
  for (;;) {
    const left = 2 * i + 1;
    if (left >= heap.length) return;
    let child = left;
    if (left + 1 < heap.length && heap[left + 1].total > heap[left].total) child = left + 1;
    if (!(heap[child].total > heap[i].total)) return;
    const swapped = heap[i];
    heap[i] = heap[child]!;
    heap[child] = swapped;
    i = child;
  }
}
