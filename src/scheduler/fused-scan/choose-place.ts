import { randomKey, uniformInt } from "../../base/random.ts";
import type { IndexedAttempt } from "../placement-index/indexed-attempt.ts";
import type { Window } from "../placement-index/window.ts";
import type { TieBreak } from "../profile.ts";
import { firstInPreOrder, nextInPreOrder } from "../tie-break.ts";
import type { KernelBlock } from "./kernel.ts";

/** With so many places to a tied one, going down the heap is cheaper than comparing all that are tied. */
const DENSE = 8;

/** How a tie is to be broken: `seed`, the pod and its attempt matter to chance alone. */
export interface TieRule {
  readonly rule: TieBreak;
  readonly seed: number;
}

/**
 * The place that a rule chooses among the `count` best totals of a window, which are listed in the block; see `tie-break.ts`.
 * @param best the greatest total
 */
export function choosePlace(
  { rule, seed }: TieRule,
  { totals, places, ranks }: KernelBlock,
  { start, looked, found, length }: Window,
  { cycle, attempt }: IndexedAttempt,
  best: number,
  count: number,
): number {
  if (count === 1) return places[0];
  switch (rule) {
    case "upstream": {
      if (found === looked) {
        return count * DENSE >= found ? firstInHeap(totals, best, found) : firstInPreOrder(ranks, count);
      }
      return places[ranks.indexOf(firstInPreOrder(ranks, count))];
    }
    case "first":
      // Behind that place are rows from 0 on.
      for (let i = 0; i < count; i++) if (places[i] >= length - start) return places[i];
      return places[0];
    case "random":
      return places[uniformInt(randomKey(seed, "tie"), cycle.row, attempt, count)];
  }
}

/** The first of the best in pre-order, of all places. */
function firstInHeap(totals: Int32Array, best: number, length: number): number {
  let place = 0;
  while (totals[place] !== best) place = nextInPreOrder(place, length);
  return place;
}
