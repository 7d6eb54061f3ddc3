import type { QueuedPod } from "./queued-pod.ts";

/** PrioritySort: higher priority first, then who waits longer. */
export function sortsBefore(a: QueuedPod, b: QueuedPod): boolean {
  const priorityA = a.pod.priority;
  const priorityB = b.pod.priority;
  return priorityA === priorityB ? a.timestampUs < b.timestampUs : priorityA > priorityB;
}

/** The order of rejected pods in back-off. */
export function leavesBackoffBefore(a: QueuedPod, b: QueuedPod): boolean {
  return a.expiryUs === b.expiryUs ? sortsBefore(a, b) : a.expiryUs < b.expiryUs;
}
