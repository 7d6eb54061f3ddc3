import type { EventObject, QueueEvent } from "./queue-event.ts";
import type { QueuePod } from "./queued-pod.ts";

type Uid = QueuePod["uid"];

/** An event with the object as it was and as it is. */
export interface HeldEvent {
  readonly event: QueueEvent;
  readonly before: EventObject | undefined;
  readonly after: EventObject | undefined;
}

/** A pod in flight, or an event that came meanwhile. */
export type InFlightEntry = { readonly uid: Uid } | HeldEvent;

/**
 * Popped pods and the events since, in order of arrival: a pod that fails looks at the events after its own pop, because
 * its attempt may have missed them (upstream: active_queue.go, inFlightEvents).
 */
export class InFlightList {
  readonly #pods = new Map<Uid, { readonly uid: Uid }>();
  readonly #entries = new Set<InFlightEntry>();

  get entries(): Iterable<InFlightEntry> {
    return this.#entries;
  }

  /** Whether any pod is in flight: events are only kept for pods. */
  get isEmpty(): boolean {
    return this.#pods.size === 0;
  }

  has(uid: Uid): boolean {
    return this.#pods.has(uid);
  }

  addPod(uid: Uid): void {
    if (this.#pods.has(uid)) return;
    const entry = { uid };
    this.#pods.set(uid, entry);
    this.#entries.add(entry);
  }

  addEvent(held: HeldEvent): void {
    this.#entries.add(held);
  }

  /** Events since the pod was popped; undefined when it is not in flight any more. */
  eventsSince(uid: Uid): HeldEvent[] | undefined {
    const own = this.#pods.get(uid);
    if (own === undefined) return undefined;
    const events: HeldEvent[] = [];
    let passed = false;
    for (const entry of this.#entries) {
      if (entry === own) passed = true;
      else if (passed && "event" in entry) events.push(entry);
    }
    return events;
  }

  /** The pod's attempt is over; events that no other pod can have missed are dropped. */
  done(uid: Uid): void {
    const own = this.#pods.get(uid);
    if (own === undefined) return;
    this.#pods.delete(uid);
    if (this.#pods.size === 0) {
      this.#entries.clear();
      return;
    }
    this.#entries.delete(own);
    for (const entry of this.#entries) {
      if (!("event" in entry)) break;
      this.#entries.delete(entry);
    }
  }
}
