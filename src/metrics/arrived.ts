import type { TracePods } from "../trace/trace.ts";

/**
 * Whether a row is a pod that arrived in the run: not one that ran from the start, nor one whose time to be created never came
 * (its row is there, because a run may give rows to all pods of its workload at once).
 */
export function hasArrived(pods: TracePods, pod: number): boolean {
  return pods.initial[pod] === 0 && !Number.isNaN(pods.createdUs[pod]);
}
