import type { PodObject } from "../../kubernetes/pod.ts";

/** A pod that waits or is in flight, with its history (upstream: framework.QueuedPodInfo). Times in microseconds. */
export interface QueuedPod {
  /** Its row in the heaps. */
  readonly row: number;
  pod: PodObject;
  attempts: number;
  unschedulableCount: number;
  consecutiveErrors: number;
  /** When it last entered the queue or failed; moves do not renew it. */
  timestampUs: number;
  /** When it first was in activeQ. */
  initialAttemptUs: number | undefined;
  /** End of the back-off, cut to the whole second, or -Infinity; computed once per failure. */
  expiryUs: number;
  unschedulablePlugins: ReadonlySet<string>;
  pendingPlugins: ReadonlySet<string>;
  /** The PreEnqueue plugin that holds it back. */
  gatedBy: string | undefined;
  /** It left the unschedulable pods because it had been there for too long. */
  flushed: boolean;
  flushUs: number | undefined;
}

/** `namespace/name`. */
export function podKey({ metadata = {} }: PodObject): string {
  return `${metadata.namespace || "default"}/${metadata.name}`;
}

/** The identity; a pod made anew under the same name has another one. */
export function podUid(pod: PodObject): string {
  return pod.metadata?.uid || podKey(pod);
}
