import { priorityOf } from "./filter-node.ts";
import { startOf } from "./pod-start.ts";
import type { PlacedPod } from "./reference-plugin.ts";

/** A node and the pods that must leave it, the most important first. */
export interface Candidate {
  readonly node: string;
  readonly victims: readonly PlacedPod[];
  /** How many of them a disruption budget protects. */
  readonly violations: number;
}

/** The candidates that hurt least, by one criterion after the other (upstream: pickOneNodeForPreemption). */
export function pickCandidates(candidates: readonly Candidate[]): readonly Candidate[] {
  const criteria: readonly ((candidate: Candidate) => number | bigint)[] = [
    ({ violations }) => violations,
    ({ victims }) => priorityOf(victims[0].pod),
    ({ victims }) => victims.reduce((sum, { pod }) => sum + BigInt(priorityOf(pod)) + 2n ** 31n, 0n),
    ({ victims }) => victims.length,
    ({ victims }) => -earliestStart(victims),
  ];
  let left = candidates;
  for (const cost of criteria) {
    const costs = left.map(cost);
    left = left.filter((_, i) => costs.every((other) => costs[i] <= other));
  }
  return left;
}

/** When the oldest of the most important victims started. */
function earliestStart(victims: readonly PlacedPod[]): number {
  const highest = Math.max(...victims.map(({ pod }) => priorityOf(pod)));
  return Math.min(...victims.filter(({ pod }) => priorityOf(pod) === highest).map(startOf));
}
