import type { QueueEvent } from "./queue-event.ts";
import type { QueuedPod, QueuePod } from "./queued-pod.ts";
import type { Answers } from "./worth-requeuing.ts";

/** What happened to one event. */
export class EventReport<Pod extends QueuePod = QueuePod> {
  readonly event: QueueEvent;
  /** The waiting pod whose own update it is. */
  target: Pod | undefined;
  /** The pod that came back and had missed it. */
  replay: Pod | undefined;
  /** No plugin registered for it. */
  ignored = false;
  /** Pods that it does not concern. */
  readonly excluded: QueuedPod<Pod>[] = [];
  /** Pods held back by a gate whose plugin did not register for it. */
  readonly gated: QueuedPod<Pod>[] = [];
  readonly hints = new Map<QueuedPod<Pod>, Answers>();
  readonly moved = new Map<QueuedPod<Pod>, "active" | "backoff">();

  constructor(event: QueueEvent) {
    this.event = event;
  }
}

export type QueueObserver<Pod extends QueuePod = QueuePod> = (report: EventReport<Pod>) => void;
