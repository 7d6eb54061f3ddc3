import type { NodeTimes, Phase } from "./scenario.ts";

/** All nodes there from the start, none ever cordoned or lost. */
export function steadyNodes(count: number): NodeTimes {
  const never = () => new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  return { joinUs: new Float64Array(count), cordonUs: never(), uncordonUs: never(), lostUs: never() };
}

/** The one phase of a workload that has no operations: every pod comes in its own time, and all are measured. */
export function onePhase(pods: number): readonly Phase[] {
  return [{ name: "all", firstPod: 0, endPod: pods, completeWhen: "created", measured: true }];
}
