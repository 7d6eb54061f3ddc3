import type { PodObject } from "../../kubernetes/pod.ts";
import type { QueueEvent } from "./queue-event.ts";
import type { QueuedPod } from "./queued-pod.ts";
import type { Answers } from "./worth-requeuing.ts";

/** What happened to one event. */
export class EventReport {
  readonly event: QueueEvent;
  /** The waiting pod whose own update it is. */
  target: PodObject | undefined;
  /** The pod that came back and had missed it. */
  replay: PodObject | undefined;
  /** No plugin registered for it. */
  ignored = false;
  /** Pods that it does not concern. */
  readonly excluded: QueuedPod[] = [];
  /** Pods held back by a gate whose plugin did not register for it. */
  readonly gated: QueuedPod[] = [];
  readonly hints = new Map<QueuedPod, Answers>();
  readonly moved = new Map<QueuedPod, "active" | "backoff">();

  constructor(event: QueueEvent) {
    this.event = event;
  }
}

export type QueueObserver = (report: EventReport) => void;
