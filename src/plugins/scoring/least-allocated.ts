import type { Cycle, Score } from "../../scheduler/plugin.ts";
import { int64 } from "./amounts-in-full.ts";
import type { ResourceWeight } from "./scored-resources.ts";
import { weightedMean } from "./weighted-mean.ts";

/**
 * The emptier the node would be, the better: the weighted mean of `(allocatable - requested) * 100 / allocatable`, in
 * integers (upstream: noderesources/least_allocated.go).
 */
export function leastAllocated(resources: readonly ResourceWeight[]): (cycle: Cycle) => Score {
  return weightedMean(
    resources,
    (has, taken) => (taken > has ? 0 : Math.trunc(((has - taken) * 100) / has)),
    (has, taken) => (taken > has ? 0n : int64(int64(has - taken) * 100n) / has),
  );
}
