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
 *
 * A pod that is alone in flight, as nearly all are, is kept apart, with the events since: they are all its own.
 */
export class InFlightList {
  #sole: Uid | undefined;
  #soleEvents: HeldEvent[] = [];
  /** While there are several. */
  readonly #pods = new Map<Uid, { readonly uid: Uid }>();
  readonly #entries = new Set<InFlightEntry>();

  get entries(): Iterable<InFlightEntry> {
    return this.#sole === undefined ? this.#entries : [{ uid: this.#sole }, ...this.#soleEvents];
  }

  /** Whether any pod is in flight: events are only kept for pods. */
  get isEmpty(): boolean {
    return this.#sole === undefined && this.#pods.size === 0;
  }

  has(uid: Uid): boolean {
    return this.#sole === undefined ? this.#pods.has(uid) : this.#sole === uid;
  }

  addPod(uid: Uid): void {
    if (this.isEmpty) {
      this.#sole = uid;
      return;
    }
    if (this.has(uid)) return;
    if (this.#sole !== undefined) this.#spread(this.#sole);
    this.#append(uid);
  }

  addEvent(held: HeldEvent): void {
    if (this.#sole === undefined) this.#entries.add(held);
    else this.#soleEvents.push(held);
  }

  /** Events since the pod was popped; undefined when it is not in flight any more. */
  eventsSince(uid: Uid): readonly HeldEvent[] | undefined {
    if (!this.has(uid)) return undefined;
    if (this.#sole !== undefined) return this.#soleEvents;
    const own = this.#pods.get(uid);
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
    if (this.#sole !== undefined) {
      if (this.#sole !== uid) return;
      this.#sole = undefined;
      if (this.#soleEvents.length > 0) this.#soleEvents = [];
      return;
    }
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

  /** The pod that was alone gets company. */
  #spread(sole: Uid): void {
    this.#append(sole);
    for (const held of this.#soleEvents) this.#entries.add(held);
    this.#sole = undefined;
    this.#soleEvents = [];
  }

  #append(uid: Uid): void {
    const entry = { uid };
    this.#pods.set(uid, entry);
    this.#entries.add(entry);
  }
}
