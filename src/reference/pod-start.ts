import type { PodTemplate } from "../cluster/specs.ts";

/** When a pod started, as a number; one that has not started is the youngest. */
export function startOf({ object }: PodTemplate): number {
  const { startTime } = object.status ?? {};
  return startTime === undefined ? Number.MAX_VALUE : Date.parse(startTime);
}
