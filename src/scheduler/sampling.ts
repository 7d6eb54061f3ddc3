const MIN_FEASIBLE_NODES = 100;
const MIN_PERCENTAGE = 5;

/**
 * How many feasible nodes the search looks for among `candidates` nodes (upstream: numFeasibleNodesToFind in
 * pkg/scheduler/schedule_one.go). Percentage 0 is adaptive: 50 % less one per 125 nodes, at least 5 %.
 */
export function numFeasibleNodesToFind(percentage: number, candidates: number): number {
  if (candidates < MIN_FEASIBLE_NODES) return candidates;
  const share = percentage === 0 ? Math.max(50 - Math.trunc(candidates / 125), MIN_PERCENTAGE) : percentage;
  return Math.max(Math.trunc((candidates * share) / 100), MIN_FEASIBLE_NODES);
}
