import type { PodObject } from "../../kubernetes/pod.ts";
import { type BackoffLimits, backoffDuration, DEFAULT_BACKOFF, wholeSecond } from "./backoff.ts";
import type { EventRegistration, ObjectLookup } from "./event-registration.ts";
import { EventReport, type QueueObserver } from "./event-report.ts";
import { type Gate, passesGates } from "./gate.ts";
import { type HeldEvent, InFlightList } from "./in-flight-list.ts";
import { Nominator } from "./nominator.ts";
import { forceActivate, matches, type QueueEvent, unschedulableTimeout } from "./queue-event.ts";
import { leavesBackoffBefore, QueuedHeap, sortsBefore } from "./queued-heap.ts";
import { podKey, podUid, type QueuedPod } from "./queued-pod.ts";
import { type Answers, type Requeue, worthRequeuing } from "./worth-requeuing.ts";

const LEFTOVER_AGE_US = 300_000_000;

interface HintedQueueOptions {
  readonly backoff?: BackoffLimits;
  /** In profile order. */
  readonly gates: readonly Gate[];
  readonly registrations: readonly EventRegistration[];
  readonly lookup: ObjectLookup;
  /** Whether the informer knows a pod of that name that is not bound. */
  readonly isWaiting: (pod: PodObject) => boolean;
  /** Told of every event; without one, hints are asked only until the matter is settled. */
  readonly observer?: QueueObserver;
}

/**
 * The scheduling queue with all that upstream's does (pkg/scheduler/backend/queue): queueing hints per plugin and event,
 * several pods in flight with the events that each one missed, gates, nominations, activation, updates of waiting pods.
 * It works on objects and is the exact one, checked against recordings of kube-scheduler. The simulation's
 * `SchedulingQueue` works on rows and plugin bits, for one pod in flight and no hints, and is the fast one.
 */
export class HintedQueue {
  readonly #options: HintedQueueOptions;
  readonly #backoff: BackoffLimits;
  /** Pods in any of the four places below, by `namespace/name`. */
  readonly #waiting = new Map<string, QueuedPod>();
  readonly #active = new QueuedHeap(sortsBefore);
  readonly #rejected = new QueuedHeap(leavesBackoffBefore);
  readonly #errored = new QueuedHeap((a, b) => a.expiryUs < b.expiryUs);
  readonly #unschedulable = new Map<string, QueuedPod>();
  readonly #registrationsOf = new Map<string, EventRegistration[]>();
  readonly inFlight = new InFlightList();
  readonly nominator: Nominator;
  #nextRow = 0;
  #cycle = 0;

  constructor(options: HintedQueueOptions) {
    this.#options = options;
    this.#backoff = options.backoff ?? DEFAULT_BACKOFF;
    this.nominator = new Nominator(options.isWaiting);
    for (const registration of options.registrations) {
      const own = this.#registrationsOf.get(registration.plugin);
      if (own === undefined) this.#registrationsOf.set(registration.plugin, [registration]);
      else own.push(registration);
    }
  }

  /** The number of pops. */
  get schedulingCycle(): number {
    return this.#cycle;
  }

  /** activeQ in the order in which pods would be popped. */
  get active(): QueuedPod[] {
    return this.#active.inOrder();
  }

  /** Rejected pods in back-off, in the order in which they leave it. */
  get rejected(): QueuedPod[] {
    return this.#rejected.inOrder();
  }

  /** Pods in back-off after an error, in the order in which they leave it. */
  get errored(): QueuedPod[] {
    return this.#errored.inOrder();
  }

  /** Unschedulable pods, with those that a gate holds back. */
  get unschedulable(): readonly QueuedPod[] {
    return [...this.#unschedulable.values()];
  }

  /** A new pod: to activeQ, unless a gate holds it back. */
  add(pod: PodObject, nowUs: number): void {
    const entry = this.#newEntry(pod, nowUs);
    this.#toActive(entry, nowUs);
    this.nominator.add(pod, undefined);
  }

  /**
   * The next pod, now in flight. An empty activeQ takes rejected pods out of back-off, expired or not, never errored ones;
   * undefined where upstream would wait.
   */
  pop(): QueuedPod | undefined {
    const entry = this.#active.pop() ?? this.#rejected.pop();
    if (entry === undefined) return undefined;
    this.#waiting.delete(podKey(entry.pod));
    entry.attempts++;
    this.#cycle++;
    this.inFlight.addPod(podUid(entry.pod));
    return entry;
  }

  /** The pod's attempt has ended otherwise than by failure. */
  done(uid: string): void {
    this.inFlight.done(uid);
  }

  /**
   * A popped pod comes back. Its plugin sets are those of the failure: none for an error, which backs off whatever happened;
   * a rejected pod looks at the events that came while it was in flight.
   */
  addUnschedulable(entry: QueuedPod, nowUs: number): void {
    const uid = podUid(entry.pod);
    const rejected = entry.unschedulablePlugins.size + entry.pendingPlugins.size > 0;
    if (rejected) {
      entry.unschedulableCount++;
      entry.consecutiveErrors = 0;
    } else {
      entry.consecutiveErrors++;
    }
    entry.timestampUs = nowUs;
    entry.expiryUs = this.#expiry(entry);
    entry.flushed = false;
    entry.flushUs = undefined;
    const events = rejected ? this.inFlight.eventsSince(uid) : undefined;
    // Not in flight: a failed binding after Done.
    const requeue = events === undefined ? "afterBackoff" : this.#replay(entry, events);
    this.#waiting.set(podKey(entry.pod), entry);
    this.#requeue(entry, requeue, nowUs);
    this.inFlight.done(uid);
  }

  /** The cluster changed: pods that it may help move. `excludes` are pods that it does not concern. */
  moveAll(held: HeldEvent, nowUs: number, excludes: (pod: PodObject) => boolean = () => false): void {
    const report = new EventReport(held.event);
    if (!this.#isOfInterest(held.event)) {
      report.ignored = true;
      this.#options.observer?.(report);
      return;
    }
    const candidates: QueuedPod[] = [];
    for (const entry of this.#unschedulable.values()) {
      if (excludes(entry.pod)) report.excluded.push(entry);
      else candidates.push(entry);
    }
    this.#move(candidates, held, report, nowUs);
    this.#options.observer?.(report);
  }

  /** Pods whose back-off has ended go to activeQ; returns them. */
  flushBackoff(nowUs: number): QueuedPod[] {
    const second = wholeSecond(nowUs);
    const moved: QueuedPod[] = [];
    for (const heap of [this.#rejected, this.#errored]) {
      for (let entry = heap.peek(); entry !== undefined && entry.expiryUs < second; entry = heap.peek()) {
        heap.pop();
        this.#active.push(entry);
        entry.initialAttemptUs ??= nowUs;
        moved.push(entry);
      }
    }
    return moved;
  }

  /** Pods that were unschedulable for more than five minutes are tried again; returns the report of what moved. */
  flushLeftover(nowUs: number): EventReport {
    const report = new EventReport(unschedulableTimeout);
    const leftovers = this.unschedulable.filter(
      (entry) => nowUs - Math.max(entry.timestampUs, entry.flushUs ?? 0) > LEFTOVER_AGE_US,
    );
    if (leftovers.length === 0) return report;
    for (const entry of leftovers) {
      entry.flushed = true;
      entry.flushUs = nowUs;
    }
    this.#move(
      leftovers,
      { event: unschedulableTimeout, before: undefined, after: undefined },
      report,
      nowUs,
    );
    // Gates held these back.
    for (const entry of leftovers) if (this.#unschedulable.has(podKey(entry.pod))) entry.flushed = false;
    return report;
  }

  /** Straight to activeQ, whatever the back-off; a pod in flight remembers that it was asked for. */
  activate(pod: PodObject, nowUs: number): void {
    const entry = this.#waiting.get(podKey(pod));
    if (entry !== undefined && !this.#active.has(entry)) {
      // Gates had their say when the pod went into back-off.
      const passed = this.#rejected.remove(entry) || this.#errored.remove(entry);
      if (this.#toActive(entry, nowUs, passed)) return;
    }
    if (this.inFlight.has(podUid(pod))) {
      this.inFlight.addEvent({ event: forceActivate, before: undefined, after: pod });
    }
  }

  /** A pod that is not bound was updated; `events` say how. One that is nowhere is taken as new. */
  update(before: PodObject, after: PodObject, events: readonly QueueEvent[], nowUs: number): void {
    const held = events.map((event) => ({ event, before, after }));
    if (this.inFlight.has(podUid(after))) {
      for (const one of held) {
        this.inFlight.addEvent(one);
        this.#observeTarget(one, after);
      }
      return;
    }
    const entry = this.#waiting.get(podKey(after));
    if (entry === undefined) {
      this.add(after, nowUs);
      this.#observeNew(held, after);
      return;
    }
    entry.pod = after;
    this.nominator.update(before, after);
    if (!this.#unschedulable.has(podKey(after))) {
      for (const heap of [this.#active, this.#rejected, this.#errored]) heap.fix(entry);
      for (const one of held) this.#observeTarget(one, after);
      return;
    }
    for (const one of held) {
      const report = new EventReport(one.event);
      report.target = after;
      this.#consider(entry, one, report, nowUs);
      this.#options.observer?.(report);
      if (!this.#unschedulable.has(podKey(after))) return;
    }
  }

  /** The pod is gone or bound. */
  delete(pod: PodObject): void {
    this.nominator.delete(pod);
    const key = podKey(pod);
    const entry = this.#waiting.get(key);
    if (entry === undefined) return;
    for (const heap of [this.#active, this.#rejected, this.#errored]) heap.remove(entry);
    this.#unschedulable.delete(key);
    this.#waiting.delete(key);
  }

  #move(entries: readonly QueuedPod[], held: HeldEvent, report: EventReport, nowUs: number): void {
    for (const entry of entries) {
      if (entry.gatedBy !== undefined && !this.#concerns(entry.gatedBy, held.event)) report.gated.push(entry);
      else this.#consider(entry, held, report, nowUs);
    }
    if (!this.inFlight.isEmpty) this.inFlight.addEvent(held);
  }

  /** Moves an unschedulable pod if the event may help it and no gate holds it back. */
  #consider(entry: QueuedPod, held: HeldEvent, report: EventReport, nowUs: number): void {
    const requeue = this.#worth(entry, held, report);
    if (requeue === "skip") return;
    this.#requeue(entry, requeue, nowUs);
    if (this.#active.has(entry)) report.moved.set(entry, "active");
    else if (!this.#unschedulable.has(podKey(entry.pod))) report.moved.set(entry, "backoff");
  }

  #replay(entry: QueuedPod, events: readonly HeldEvent[]): Requeue {
    let result: Requeue = "skip";
    for (const held of events) {
      const report = new EventReport(held.event);
      report.replay = entry.pod;
      const requeue = this.#worth(entry, held, report);
      this.#options.observer?.(report);
      if (requeue === "skip") continue;
      result = requeue;
      // Only a pending plugin can make it better.
      if (requeue === "immediately" || entry.pendingPlugins.size === 0) break;
    }
    return result;
  }

  #worth(entry: QueuedPod, held: HeldEvent, report: EventReport): Requeue {
    const answers: Answers | undefined = this.#options.observer === undefined ? undefined : new Map();
    const requeue = worthRequeuing(entry, held, this.#options.registrations, this.#options.lookup, answers);
    if (answers !== undefined && answers.size > 0) report.hints.set(entry, answers);
    return requeue;
  }

  #requeue(entry: QueuedPod, requeue: Requeue, nowUs: number): void {
    if (requeue === "skip") {
      this.#unschedulable.set(podKey(entry.pod), entry);
      return;
    }
    if (requeue === "immediately" || entry.expiryUs < wholeSecond(nowUs)) {
      this.#toActive(entry, nowUs);
      return;
    }
    if (!passesGates(entry, this.#options.gates)) {
      this.#unschedulable.set(podKey(entry.pod), entry);
      return;
    }
    this.#unschedulable.delete(podKey(entry.pod));
    const rejected = entry.unschedulablePlugins.size + entry.pendingPlugins.size > 0;
    (rejected ? this.#rejected : this.#errored).push(entry);
  }

  /** False when a gate holds the pod back: then it is unschedulable. */
  #toActive(entry: QueuedPod, nowUs: number, passed = false): boolean {
    if (!passed && !passesGates(entry, this.#options.gates)) {
      this.#unschedulable.set(podKey(entry.pod), entry);
      return false;
    }
    entry.initialAttemptUs ??= nowUs;
    this.#unschedulable.delete(podKey(entry.pod));
    this.#active.push(entry);
    return true;
  }

  #concerns(plugin: string, event: QueueEvent): boolean {
    if (event.resource === "*") return true;
    return (this.#registrationsOf.get(plugin) ?? []).some((registration) => matches(registration, event));
  }

  #isOfInterest(event: QueueEvent): boolean {
    return (
      event.resource === "*" ||
      this.#options.registrations.some((registration) => matches(registration, event))
    );
  }

  #observeTarget({ event }: HeldEvent, target: PodObject): void {
    if (this.#options.observer === undefined) return;
    const report = new EventReport(event);
    report.target = target;
    this.#options.observer(report);
  }

  /** An update that made the pod known: the last event is the one that is seen to bring it in. */
  #observeNew(held: readonly HeldEvent[], target: PodObject): void {
    const { observer } = this.#options;
    if (observer === undefined) return;
    const added = this.#waiting.get(podKey(target));
    for (const [index, { event }] of held.entries()) {
      const report = new EventReport(event);
      report.target = target;
      const isLast = index === held.length - 1;
      if (isLast && added !== undefined && this.#active.has(added)) report.moved.set(added, "active");
      observer(report);
    }
  }

  #newEntry(pod: PodObject, nowUs: number): QueuedPod {
    const entry: QueuedPod = {
      row: this.#nextRow++,
      pod,
      attempts: 0,
      unschedulableCount: 0,
      consecutiveErrors: 0,
      timestampUs: nowUs,
      initialAttemptUs: undefined,
      expiryUs: Number.NEGATIVE_INFINITY,
      unschedulablePlugins: new Set(),
      pendingPlugins: new Set(),
      gatedBy: undefined,
      flushed: false,
      flushUs: undefined,
    };
    this.#waiting.set(podKey(pod), entry);
    return entry;
  }

  #expiry({ consecutiveErrors, unschedulableCount, timestampUs }: QueuedPod): number {
    const duration = backoffDuration(consecutiveErrors || unschedulableCount, this.#backoff);
    return duration === 0 ? Number.NEGATIVE_INFINITY : wholeSecond(timestampUs + duration);
  }
}
