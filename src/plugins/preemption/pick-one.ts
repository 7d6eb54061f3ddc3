import type { Cycle, PreemptionCandidate } from "../../scheduler/plugin.ts";

/** Added to each priority, so that a sum over more victims is greater whatever their priorities are. */
const PRIORITY_OFFSET = 2 ** 31;

/** How many numbers a cost has. */
export const CRITERIA = 5;

/**
 * What a candidate costs, the weightiest first: budget violations, the priority of the first victim, the sum of priorities, how many
 * victims, and how early the first of those of highest priority started (upstream: pickOneNodeForPreemption in
 * pkg/scheduler/framework/preemption/preemption.go).
 */
export function costOf(
  { pdbViolations, victims }: PreemptionCandidate,
  cluster: Pick<Cycle["cluster"], "kindOf" | "startTimeOf">,
): readonly number[] {
  let sum = 0;
  let highest = Number.NEGATIVE_INFINITY;
  let earliest = Number.POSITIVE_INFINITY;
  for (const row of victims) {
    const { priority } = cluster.kindOf(row);
    const started = cluster.startTimeOf(row);
    sum += priority + PRIORITY_OFFSET;
    if (priority > highest) {
      highest = priority;
      earliest = started;
    } else if (priority === highest && started < earliest) {
      earliest = started;
    }
  }
  const first = victims.length === 0 ? 0 : cluster.kindOf(victims[0]).priority;
  return [pdbViolations, first, sum, victims.length, -earliest];
}

/** The candidates of lowest cost, among which only the order of nodes decides. */
export function bestCandidates(
  candidates: readonly PreemptionCandidate[],
  cluster: Pick<Cycle["cluster"], "kindOf" | "startTimeOf">,
): readonly PreemptionCandidate[] {
  // One alone is taken without a look, also when extenders left it without a cost.
  if (candidates.length <= 1) return candidates;
  const costs = candidates.map((candidate) => costOf(candidate, cluster));
  let least = costs[0];
  for (const cost of costs) if (compareCosts(cost, least) < 0) least = cost;
  return candidates.filter((_, i) => compareCosts(costs[i], least) === 0);
}

function compareCosts(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < CRITERIA; i++) {
    if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}
