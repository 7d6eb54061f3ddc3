import type { Cycle, Score } from "../../scheduler/plugin.ts";
import type { ResourceWeight } from "./scored-resources.ts";
import { weightedMean } from "./weighted-mean.ts";

/**
 * The emptier the node would be, the better: the weighted mean of `(allocatable - requested) * 100 / allocatable`, in
 * integers (upstream: noderesources/least_allocated.go). Exact while allocatable stays below 2^46.
 */
export function leastAllocated(resources: readonly ResourceWeight[]): (cycle: Cycle) => Score {
  return weightedMean(resources, (has, taken) => (taken > has ? 0 : Math.trunc(((has - taken) * 100) / has)));
}
