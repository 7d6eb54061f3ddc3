import type { Cycle } from "../../scheduler/plugin.ts";

/**
 * Sorts rows of pods, the most important first: the greater priority, then the earlier start; a pod that has not started is
 * as one that starts now (upstream: MoreImportantPod in pkg/scheduler/util/utils.go).
 */
export function byImportance(
  cluster: Pick<Cycle["cluster"], "kindOf" | "startTimeOf">,
): (a: number, b: number) => number {
  return (a, b) => {
    const priorities = cluster.kindOf(b).priority - cluster.kindOf(a).priority;
    if (priorities !== 0) return priorities;
    const [startA, startB] = [cluster.startTimeOf(a), cluster.startTimeOf(b)];
    return startA === startB ? 0 : startA < startB ? -1 : 1;
  };
}
