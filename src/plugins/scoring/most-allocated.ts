import type { Cycle, Score } from "../../scheduler/plugin.ts";
import { int64 } from "./amounts-in-full.ts";
import type { ResourceWeight } from "./scored-resources.ts";
import { weightedMean } from "./weighted-mean.ts";

/**
 * The fuller the node would be, the better: the weighted mean of `requested * 100 / allocatable`, at most 100 each, in
 * integers (upstream: noderesources/most_allocated.go).
 */
export function mostAllocated(resources: readonly ResourceWeight[]): (cycle: Cycle) => Score {
  return weightedMean(
    resources,
    (has, taken) => Math.trunc((Math.min(taken, has) * 100) / has),
    (has, taken) => (taken > has ? int64(has * 100n) : int64(taken * 100n)) / has,
  );
}
