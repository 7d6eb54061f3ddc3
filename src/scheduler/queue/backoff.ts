import type { QueuedPod } from "./queued-pod.ts";

const SECOND_US = 1_000_000;

/** Back-off limits in microseconds (KubeSchedulerConfiguration: podInitialBackoffSeconds 1, podMaxBackoffSeconds 10). */
export interface BackoffLimits {
  readonly initialUs: number;
  readonly maxUs: number;
}

export const DEFAULT_BACKOFF: BackoffLimits = { initialUs: SECOND_US, maxUs: 10 * SECOND_US };

/** How long a pod backs off after `count` failures: doubled each time, up to the limit (upstream: backoff_queue.go). @internal */
export function backoffDuration(count: number, { initialUs, maxUs }: BackoffLimits): number {
  if (count === 0 || maxUs === 0) return 0;
  return Math.min(initialUs * 2 ** (count - 1), maxUs);
}

/** Back-off ends at whole seconds: upstream cuts the expiry so that pods leave together. */
export function wholeSecond(timeUs: number): number {
  return Math.floor(timeUs / SECOND_US) * SECOND_US;
}

/** The end of the back-off of a pod that has just failed; -Infinity when there is none. Errors are counted apart. */
export function backoffExpiry(
  { pod, consecutiveErrors, unschedulableCount, timestampUs }: QueuedPod,
  limits: BackoffLimits,
): number {
  const duration = backoffDuration(consecutiveErrors || unschedulableCount, limitsFor(pod.size ?? 1, limits));
  return duration === 0 ? Number.NEGATIVE_INFINITY : wholeSecond(timestampUs + duration);
}

/** Several pods together back off for longer, by the root of how many they are; upstream cuts that to whole nanoseconds. */
function limitsFor(size: number, limits: BackoffLimits): BackoffLimits {
  if (size <= 1) return limits;
  return { ...limits, maxUs: Math.floor(limits.maxUs * 1000 * Math.sqrt(size)) / 1000 };
}
