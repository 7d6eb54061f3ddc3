import type { PlacedPod } from "./reference-plugin.ts";

/** When a pod started, as a number; one that has not started is the youngest. */
export function startOf({ pod: { object }, started }: PlacedPod): number {
  const { startTime } = object.status ?? {};
  return started ?? (startTime === undefined ? Number.MAX_VALUE : Date.parse(startTime));
}
