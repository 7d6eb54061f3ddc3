import { assert } from "../../base/assert.ts";
import { RowHeap } from "../../base/row-heap.ts";
import { type BackoffLimits, backoffDuration, DEFAULT_BACKOFF, wholeSecond } from "./backoff.ts";

const SECOND_US = 1_000_000;
/** Every 30 s upstream looks for pods that have been unschedulable for more than 5 minutes, and tries them again. */
const LEFTOVER_BEAT_US = 30 * SECOND_US;
const LEFTOVER_AGE_US = 300 * SECOND_US;

/** A pod that waits. Times in simulated microseconds. */
interface QueuedPod {
  readonly priority: number;
  /** When it last entered the queue, or failed. */
  timestampUs: number;
  attempts: number;
  unschedulableCount: number;
  consecutiveErrors: number;
  /** End of the back-off, cut to the whole second; computed once per failure. */
  expiryUs: number;
  /** Plugins that rejected it, as bits of places in the profile. */
  rejectors: number;
  lastFlushUs: number;
}

/**
 * Pods that wait to be scheduled (upstream: pkg/scheduler/backend/queue): activeQ by priority, then first come first
 * served; backoffQ until the back-off of a failed pod ends; unschedulable pods until an event that could help them.
 * One pod is in flight between `pop` and `done`, `fail` or `error`; events meanwhile are remembered for it.
 * Rows and plugin bits keep it fast for millions of pods; `HintedQueue` is the one with hints, gates and nominations.
 */
export class SchedulingQueue {
  readonly #backoff: BackoffLimits;
  readonly #pods = new Map<number, QueuedPod>();
  readonly #active = new RowHeap((a, b) => this.#sortsBefore(a, b));
  readonly #rejected = new RowHeap((a, b) => this.#leavesBackoffBefore(a, b));
  readonly #errored = new RowHeap((a, b) => this.#pod(a).expiryUs < this.#pod(b).expiryUs);
  readonly #unschedulable = new Set<number>();
  #inFlight = -1;
  /** Plugins that events since the last pop could have helped, as bits. */
  #helpedInFlight = 0;

  constructor(backoff: BackoffLimits = DEFAULT_BACKOFF) {
    this.#backoff = backoff;
  }

  /** Pods in each place; one may be in flight besides. */
  get counts(): { readonly active: number; readonly backoff: number; readonly unschedulable: number } {
    return {
      active: this.#active.size,
      backoff: this.#rejected.size + this.#errored.size,
      unschedulable: this.#unschedulable.size,
    };
  }

  /** Whether `pop` would give a pod now. */
  get ready(): boolean {
    return this.#active.size > 0 || this.#rejected.size > 0;
  }

  attemptsOf(pod: number): number {
    return this.#pod(pod).attempts;
  }

  add(pod: number, priority: number, nowUs: number): void {
    assert(!this.#pods.has(pod), `pod ${pod} queued twice`);
    this.#pods.set(pod, {
      priority,
      timestampUs: nowUs,
      attempts: 0,
      unschedulableCount: 0,
      consecutiveErrors: 0,
      expiryUs: 0,
      rejectors: 0,
      lastFlushUs: Number.NEGATIVE_INFINITY,
    });
    this.#active.push(pod);
  }

  /** The next pod, now in flight; -1 when none is ready. An empty activeQ takes rejected pods before their back-off ends. */
  pop(): number {
    assert(this.#inFlight === -1, "pop with a pod in flight");
    let pod = this.#active.pop();
    if (pod === -1) pod = this.#rejected.pop();
    if (pod === -1) return -1;
    this.#pod(pod).attempts++;
    this.#inFlight = pod;
    this.#helpedInFlight = 0;
    return pod;
  }

  /** The pod in flight is scheduled, or gone. */
  done(): void {
    this.#pods.delete(this.#inFlight);
    this.#inFlight = -1;
  }

  /** The pod in flight was rejected by these plugins: it waits for an event, or backs off if one came meanwhile. */
  fail(rejectors: number, nowUs: number): void {
    const pod = this.#inFlight;
    // Deleted while it was in flight.
    if (pod === -1) return;
    const entry = this.#pod(pod);
    // Nobody rejected it: there was no node at all, which counts as an error.
    if (rejectors === 0) {
      this.error(pod, entry.priority, nowUs);
      return;
    }
    entry.unschedulableCount++;
    entry.consecutiveErrors = 0;
    entry.rejectors = rejectors;
    entry.timestampUs = nowUs;
    entry.expiryUs = wholeSecond(nowUs + backoffDuration(entry.unschedulableCount, this.#backoff));
    this.#inFlight = -1;
    if ((this.#helpedInFlight & rejectors) !== 0) this.#requeue(pod, nowUs);
    else this.#unschedulable.add(pod);
  }

  /** Scheduling or binding ended in an error: the pod backs off by its own count. It need not be in flight. */
  error(pod: number, priority: number, nowUs: number): void {
    if (this.#inFlight === pod) this.#inFlight = -1;
    if (!this.#pods.has(pod)) {
      this.add(pod, priority, nowUs);
      this.#active.remove(pod);
    }
    const entry = this.#pod(pod);
    entry.consecutiveErrors++;
    entry.rejectors = 0;
    entry.timestampUs = nowUs;
    entry.expiryUs = wholeSecond(nowUs + backoffDuration(entry.consecutiveErrors, this.#backoff));
    this.#errored.push(pod);
  }

  /** A waiting pod is gone. */
  remove(pod: number): void {
    if (!this.#pods.delete(pod)) return;
    this.#active.remove(pod);
    this.#rejected.remove(pod);
    this.#errored.remove(pod);
    this.#unschedulable.delete(pod);
    if (this.#inFlight === pod) this.#inFlight = -1;
  }

  /** Something happened that may help pods which any of these plugins rejected. */
  moveUnschedulable(helped: number, nowUs: number): void {
    if (helped === 0) return;
    if (this.#inFlight !== -1) this.#helpedInFlight |= helped;
    for (const pod of this.#unschedulable) {
      if ((this.#pod(pod).rejectors & helped) === 0) continue;
      this.#unschedulable.delete(pod);
      this.#requeue(pod, nowUs);
    }
  }

  /** Pods whose back-off has ended go to activeQ. */
  flushBackoff(nowUs: number): void {
    const second = wholeSecond(nowUs);
    for (const heap of [this.#rejected, this.#errored]) {
      while (heap.size > 0 && this.#pod(heap.peek()).expiryUs < second) this.#active.push(heap.pop());
    }
  }

  /** Pods that were unschedulable for more than five minutes are tried again, whatever rejected them. */
  flushLeftover(nowUs: number): void {
    for (const pod of this.#unschedulable) {
      const entry = this.#pod(pod);
      if (nowUs - Math.max(entry.timestampUs, entry.lastFlushUs) <= LEFTOVER_AGE_US) continue;
      entry.lastFlushUs = nowUs;
      this.#unschedulable.delete(pod);
      this.#requeue(pod, nowUs);
    }
  }

  /** When `flushBackoff` will next have something to do: one second after the second of the earliest expiry. */
  nextBackoffFlush(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const heap of [this.#rejected, this.#errored]) {
      if (heap.size > 0) earliest = Math.min(earliest, this.#pod(heap.peek()).expiryUs);
    }
    return wholeSecond(earliest) + SECOND_US;
  }

  /** The first 30-second beat at which some unschedulable pod will have waited for more than five minutes. */
  nextLeftoverFlush(): number {
    let oldest = Number.POSITIVE_INFINITY;
    for (const pod of this.#unschedulable) {
      const entry = this.#pod(pod);
      oldest = Math.min(oldest, Math.max(entry.timestampUs, entry.lastFlushUs));
      // A set keeps the order of insertion, and pods enter it in order of time: the first one is the oldest.
      break;
    }
    return (Math.floor((oldest + LEFTOVER_AGE_US) / LEFTOVER_BEAT_US) + 1) * LEFTOVER_BEAT_US;
  }

  #requeue(pod: number, nowUs: number): void {
    if (this.#pod(pod).expiryUs >= wholeSecond(nowUs)) this.#rejected.push(pod);
    else this.#active.push(pod);
  }

  #sortsBefore(a: number, b: number): boolean {
    const podA = this.#pod(a);
    const podB = this.#pod(b);
    if (podA.priority !== podB.priority) return podA.priority > podB.priority;
    return podA.timestampUs < podB.timestampUs;
  }

  #leavesBackoffBefore(a: number, b: number): boolean {
    const expiryA = this.#pod(a).expiryUs;
    const expiryB = this.#pod(b).expiryUs;
    return expiryA === expiryB ? this.#sortsBefore(a, b) : expiryA < expiryB;
  }

  #pod(pod: number): QueuedPod {
    const entry = this.#pods.get(pod);
    assert(entry !== undefined, `pod ${pod} is not queued`);
    return entry;
  }
}
