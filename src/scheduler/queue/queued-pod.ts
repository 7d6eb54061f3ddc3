import type { PodObject } from "../../kubernetes/pod.ts";

/** A pod as the queue knows it. Whoever has rows of pods gives numbers, and makes the object only when a hint reads it. */
export interface QueuePod {
  /**
   * What stands for its name: of two pods with one key only one is there at a time. Numbers are rows, counted from 0: the queue
   * keeps a list as long as the greatest.
   */
  readonly key: string | number;
  /** The identity; a pod made anew under the same name has another one. */
  readonly uid: string | number;
  /** QueueSort: the pod with the greater one is taken first. */
  readonly priority: number;
  /** `status.nominatedNodeName`; empty when there is none. */
  readonly nominatedNode: string;
  /** Which of the queue's profiles schedules it. */
  readonly profile: number;
  readonly object: PodObject;
  /** What stands here for several pods that are scheduled together: how many they are; 1 when absent. */
  readonly size?: number;
  /** Of such pods, those that differ in kind or in who rejected them; an event is worth what it is to any of them. */
  readonly members?: readonly QueuedMember[];
}

/** A pod of a group, and the plugins that rejected it: none when it was not tried yet. */
export interface QueuedMember {
  readonly object: PodObject;
  readonly unschedulablePlugins: ReadonlySet<string>;
}

/** A pod that waits or is in flight, with its history (upstream: framework.QueuedPodInfo). Times in microseconds. */
export interface QueuedPod<Pod extends QueuePod = QueuePod> {
  pod: Pod;
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
  /** What the heap that it is in knows it by. */
  slot: number;
}

const NONE: ReadonlySet<string> = new Set();

/** A pod that was never tried. */
export function newcomer<Pod extends QueuePod>(pod: Pod, nowUs: number): QueuedPod<Pod> {
  return {
    pod,
    attempts: 0,
    unschedulableCount: 0,
    consecutiveErrors: 0,
    timestampUs: nowUs,
    initialAttemptUs: undefined,
    expiryUs: Number.NEGATIVE_INFINITY,
    unschedulablePlugins: NONE,
    pendingPlugins: NONE,
    gatedBy: undefined,
    flushed: false,
    flushUs: undefined,
    slot: -1,
  };
}

/** The object as the queue takes it where there are no rows: known by its name, in the first profile. */
export function queuePod(object: PodObject): QueuePod {
  return {
    key: podKey(object),
    uid: podUid(object),
    priority: object.spec?.priority ?? 0,
    nominatedNode: object.status?.nominatedNodeName ?? "",
    profile: 0,
    object,
  };
}

/** `namespace/name`. */
export function podKey({ metadata = {} }: PodObject): string {
  return `${metadata.namespace || "default"}/${metadata.name}`;
}

/** The identity; a pod made anew under the same name has another one. */
export function podUid(pod: PodObject): string {
  return pod.metadata?.uid || podKey(pod);
}
