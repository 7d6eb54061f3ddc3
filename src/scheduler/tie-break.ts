import { randomKey, uniformInt } from "../base/random.ts";
import type { Column } from "../cluster/column.ts";
import type { TieBreak } from "./profile.ts";

/** What a tie rule may look at: the places (ranks) in visiting order whose total is the best, and who asks. */
export interface Tie {
  /** `ranks[0 .. count)`, ascending; at least one. */
  readonly ranks: Int32Array;
  readonly count: number;
  /** `rows[rank]`: the node at that place. */
  readonly rows: Uint32Array;
  /** `positions[row]`: the node's place in node order. */
  readonly positions: Column;
  /** The pod, and which of its attempts this is. */
  readonly pod: number;
  readonly attempt: number;
}

/** A rule's choice: one of the tied ranks. */
export function breakTie(rule: TieBreak, tie: Tie, seed: number): number {
  if (tie.count === 1) return tie.ranks[0];
  switch (rule) {
    case "upstream":
      return firstInPreOrder(tie.ranks, tie.count);
    case "first":
      return firstInNodeOrder(tie);
    case "random":
      return tie.ranks[uniformInt(randomKey(seed, "tie"), tie.pod, tie.attempt, tie.count)];
  }
}

/**
 * Upstream's selectHost (pkg/scheduler/schedule_one.go) takes the root of a binary heap built over the feasible list.
 * Building it lifts a child only when it is strictly better, the left one on equal terms, so that the root is the first
 * best in pre-order (itself, left subtree, right subtree) of the implicit tree 0 -> 1, 2; 1 -> 3, 4; ...
 */
export function firstInPreOrder(ranks: Int32Array, count: number): number {
  let best = ranks[0];
  for (let i = 1; i < count; i++) {
    const rank = ranks[i];
    if (comesFirst(rank, best)) best = rank;
  }
  return best;
}

/** The place after one in pre-order, among `count`; the last one has none after it. */
export function nextInPreOrder(place: number, count: number): number {
  const left = 2 * place + 1;
  if (left < count) return left;
  let next = place;
  // A right child, or a left one without a brother, is the last below its parent.
  while ((next & 1) === 0 || next + 1 >= count) next = (next - 1) >> 1;
  return next + 1;
}

/** Whether place a comes before place b in pre-order. */
function comesFirst(a: number, b: number): boolean {
  // Counted from 1, the parent of i is i >> 1, and shifting the deeper one up to the other's level compares them there.
  const depthA = 31 - Math.clz32(a + 1);
  const depthB = 31 - Math.clz32(b + 1);
  if (depthA > depthB) return (a + 1) >> (depthA - depthB) < b + 1;
  return a + 1 <= (b + 1) >> (depthB - depthA);
}

function firstInNodeOrder({ ranks, count, rows, positions }: Tie): number {
  let best = ranks[0];
  for (let i = 1; i < count; i++) {
    const rank = ranks[i];
    if (positions[rows[rank]] < positions[rows[best]]) best = rank;
  }
  return best;
}
