import type { PodObject } from "../kubernetes/pod.ts";

/** A pod without its place: pods of one kind stand on many nodes. */
export function unplaced(pod: PodObject): PodObject {
  if (!pod.spec?.nodeName) return pod;
  const { nodeName: _nodeName, ...spec } = pod.spec;
  return { ...pod, spec };
}

/** When a pod started, in seconds since 1970; infinite while nobody knows. */
export function startOf({ status }: PodObject): number {
  return status?.startTime === undefined ? Number.POSITIVE_INFINITY : Date.parse(status.startTime) / 1000;
}
