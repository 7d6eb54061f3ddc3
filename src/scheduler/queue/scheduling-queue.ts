import { PlacedHeap } from "../../base/placed-heap.ts";
import { type BackoffLimits, backoffExpiry, DEFAULT_BACKOFF, wholeSecond } from "./backoff.ts";
import type { EventRegistration, ObjectLookup } from "./event-registration.ts";
import { EventReport, type QueueObserver } from "./event-report.ts";
import { type Gate, passesGates } from "./gate.ts";
import { type HeldEvent, InFlightList } from "./in-flight-list.ts";
import { Nominator } from "./nominator.ts";
import { PodsInBackoff } from "./pods-in-backoff.ts";
import { forceActivate, type QueueEvent, unschedulableTimeout } from "./queue-event.ts";
import { newcomer, type QueuedPod, type QueuePod } from "./queued-pod.ts";
import { RegistrationIndex } from "./registration-index.ts";
import { UnschedulablePods, waitsSince } from "./unschedulable-pods.ts";
import { WaitingPods } from "./waiting-pods.ts";
import { type Answers, type Requeue, worthRequeuing } from "./worth-requeuing.ts";

const SECOND_US = 1_000_000;
const LEFTOVER_AGE_US = 300 * SECOND_US;
/** How often upstream looks for pods that have been unschedulable for too long. */
const LEFTOVER_BEAT_US = 30 * SECOND_US;

/** What the queue has to know of a profile. */
export interface QueueProfile<Pod extends QueuePod = QueuePod> {
  /** In profile order. */
  readonly gates: readonly Gate<Pod>[];
  readonly registrations: readonly EventRegistration[];
}

export interface SchedulingQueueOptions<Pod extends QueuePod = QueuePod> {
  readonly backoff?: BackoffLimits;
  /** A pod says which of these is its own. */
  readonly profiles: readonly QueueProfile<Pod>[];
  readonly lookup: ObjectLookup;
  /** Whether the informer knows a pod of that name that is not bound. */
  readonly isWaiting: (pod: Pod) => boolean;
  /** Told of every event; without one, hints are asked only until the matter is settled. */
  readonly observer?: QueueObserver<Pod>;
}

/**
 * The scheduling queue with all that upstream's does (pkg/scheduler/backend/queue): queueing hints per plugin and event,
 * several pods in flight with the events that each one missed, gates, nominations, activation, updates of waiting pods.
 * Checked step by step against recordings of kube-scheduler. An event costs only as much as there are pods that a plugin
 * rejected which registered for it.
 */
export class SchedulingQueue<Pod extends QueuePod = QueuePod> {
  readonly #options: SchedulingQueueOptions<Pod>;
  readonly #backoff: BackoffLimits;
  readonly #index: RegistrationIndex;
  /** Pods in any of the four places below, by key. */
  readonly #waiting = new WaitingPods<Pod>();
  /** PrioritySort: higher priority first, then who waits longer. */
  readonly #active = new PlacedHeap<QueuedPod<Pod>>();
  readonly #inBackoff = new PodsInBackoff<Pod>();
  readonly #unschedulable = new UnschedulablePods<Pod>();
  readonly inFlight = new InFlightList();
  readonly nominator: Nominator<Pod>;
  #cycle = 0;

  constructor(options: SchedulingQueueOptions<Pod>) {
    this.#options = options;
    this.#backoff = options.backoff ?? DEFAULT_BACKOFF;
    this.#index = new RegistrationIndex(options.profiles.map(({ registrations }) => registrations));
    this.nominator = new Nominator(options.isWaiting);
  }

  /** The number of pops. */
  get schedulingCycle(): number {
    return this.#cycle;
  }

  /** activeQ in the order in which pods would be popped. */
  get active(): QueuedPod<Pod>[] {
    return this.#active.inOrder();
  }

  /** Rejected pods in back-off, in the order in which they leave it. */
  get rejected(): QueuedPod<Pod>[] {
    return this.#inBackoff.rejected.inOrder();
  }

  /** Pods in back-off after an error, in the order in which they leave it. */
  get errored(): QueuedPod<Pod>[] {
    return this.#inBackoff.errored.inOrder();
  }

  /** Unschedulable pods, with those that a gate holds back. */
  get unschedulable(): readonly QueuedPod<Pod>[] {
    return this.#unschedulable.all;
  }

  /** Whether `pop` would give a pod now. */
  get ready(): boolean {
    return this.#active.size > 0 || this.#inBackoff.rejected.size > 0;
  }

  /** When `flushBackoff` will next have something to do: one second after the second of the earliest expiry. */
  get nextBackoffFlushUs(): number {
    return wholeSecond(this.#inBackoff.firstUs) + SECOND_US;
  }

  /** The first 30-second beat at which some unschedulable pod will have waited for more than five minutes. */
  get nextLeftoverFlushUs(): number {
    if (this.#unschedulable.size === 0) return Number.POSITIVE_INFINITY;
    const tooOldUs = this.#unschedulable.oldestUs + LEFTOVER_AGE_US;
    return (Math.floor(tooOldUs / LEFTOVER_BEAT_US) + 1) * LEFTOVER_BEAT_US;
  }

  /** A new pod: to activeQ, unless a gate holds it back; returns whether it is there. */
  add(pod: Pod, nowUs: number): boolean {
    const entry = newcomer(pod, nowUs);
    this.#waiting.set(pod.key, entry);
    const passed = this.#toActive(entry, nowUs);
    this.nominator.add(pod, undefined);
    return passed;
  }

  /**
   * The next pod, now in flight. An empty activeQ takes rejected pods out of back-off, expired or not, never errored ones;
   * undefined where upstream would wait.
   */
  pop(): QueuedPod<Pod> | undefined {
    const entry = this.#active.pop() ?? this.#inBackoff.rejected.pop();
    if (entry === undefined) return undefined;
    this.#waiting.delete(entry.pod.key);
    entry.attempts++;
    this.#cycle++;
    this.inFlight.addPod(entry.pod.uid);
    return entry;
  }

  /** The pod's attempt has ended otherwise than by failure. */
  done(uid: Pod["uid"]): void {
    this.inFlight.done(uid);
  }

  /**
   * A popped pod comes back. Its plugin sets are those of the failure: none for an error, which backs off whatever happened;
   * a rejected pod looks at the events that came while it was in flight.
   */
  addUnschedulable(entry: QueuedPod<Pod>, nowUs: number): void {
    const { uid } = entry.pod;
    const rejected = entry.unschedulablePlugins.size + entry.pendingPlugins.size > 0;
    if (rejected) {
      entry.unschedulableCount++;
      entry.consecutiveErrors = 0;
    } else {
      entry.consecutiveErrors++;
    }
    entry.timestampUs = nowUs;
    entry.expiryUs = backoffExpiry(entry, this.#backoff);
    entry.flushed = false;
    entry.flushUs = undefined;
    const events = rejected ? this.inFlight.eventsSince(uid) : undefined;
    // Not in flight: a failed binding after Done.
    const requeue = events === undefined ? "afterBackoff" : this.#replay(entry, events);
    this.#waiting.set(entry.pod.key, entry);
    this.#requeue(entry, requeue, nowUs);
    this.inFlight.done(uid);
  }

  /** Whether `moveAll` would do anything with such an event: nobody else need make it. */
  wants(event: QueueEvent): boolean {
    if (this.#options.observer !== undefined) return true;
    if (this.inFlight.isEmpty && this.#unschedulable.size === 0) return false;
    if (event.resource === "*") return true;
    const plugins = this.#index.plugins(event);
    if (plugins.length === 0) return false;
    return !this.inFlight.isEmpty || this.#unschedulable.isRejectedByAny(plugins);
  }

  /** The cluster changed: pods that it may help move. `excludes` are pods that it does not concern. */
  moveAll(held: HeldEvent, nowUs: number, excludes?: (pod: Pod) => boolean): void {
    const { observer } = this.#options;
    const { event } = held;
    const wildcard = event.resource === "*";
    const plugins = this.#index.plugins(event);
    const ignored = !wildcard && plugins.length === 0;
    if (observer === undefined) {
      if (ignored) return;
      const all = wildcard ? this.#unschedulable.all : this.#unschedulable.rejectedBy(plugins);
      const candidates = excludes === undefined ? all : all.filter(({ pod }) => !excludes(pod));
      this.#move(candidates, held, undefined, nowUs);
      return;
    }
    const report = new EventReport<Pod>(event);
    report.ignored = ignored;
    if (!ignored) {
      const candidates: QueuedPod<Pod>[] = [];
      for (const entry of this.#unschedulable.all) {
        if (excludes?.(entry.pod)) report.excluded.push(entry);
        else candidates.push(entry);
      }
      this.#move(candidates, held, report, nowUs);
    }
    observer(report);
  }

  /** Pods whose back-off has ended go to activeQ; returns them. */
  flushBackoff(nowUs: number): QueuedPod<Pod>[] {
    const moved = this.#inBackoff.takeExpired(wholeSecond(nowUs));
    for (const entry of moved) {
      this.#activate(entry);
      entry.initialAttemptUs ??= nowUs;
    }
    return moved;
  }

  /** Pods that were unschedulable for more than five minutes are tried again; returns the report of what moved. */
  flushLeftover(nowUs: number): EventReport<Pod> {
    const report = new EventReport<Pod>(unschedulableTimeout);
    const leftovers = this.#unschedulable.all.filter((entry) => nowUs - waitsSince(entry) > LEFTOVER_AGE_US);
    if (leftovers.length === 0) return report;
    for (const entry of leftovers) {
      entry.flushed = true;
      entry.flushUs = nowUs;
    }
    const held = { event: unschedulableTimeout, before: undefined, after: undefined };
    this.#move(leftovers, held, report, nowUs);
    for (const entry of leftovers) {
      if (!this.#unschedulable.has(entry)) continue;
      // A gate holds it back.
      entry.flushed = false;
      this.#unschedulable.renew(entry);
    }
    return report;
  }

  /** Straight to activeQ, whatever the back-off; a pod in flight remembers that it was asked for. */
  activate(pod: Pod, nowUs: number): void {
    const entry = this.#waiting.get(pod.key);
    if (entry !== undefined && !this.#active.has(entry)) {
      // Gates had their say when the pod went into back-off.
      const passed = this.#inBackoff.remove(entry);
      if (this.#toActive(entry, nowUs, passed)) return;
    }
    if (this.inFlight.has(pod.uid)) {
      this.inFlight.addEvent({ event: forceActivate, before: undefined, after: pod.object });
    }
  }

  /** A pod that is not bound was updated; `events` say how. One that is nowhere is taken as new. */
  update(before: Pod, after: Pod, events: readonly QueueEvent[], nowUs: number): void {
    const held = events.map((event) => ({ event, before: before.object, after: after.object }));
    if (this.inFlight.has(after.uid)) {
      for (const one of held) {
        this.inFlight.addEvent(one);
        this.#observeTarget(one, after);
      }
      return;
    }
    const entry = this.#waiting.get(after.key);
    if (entry === undefined) {
      this.add(after, nowUs);
      this.#observeNew(held, after);
      return;
    }
    entry.pod = after;
    this.nominator.update(before, after);
    if (!this.#unschedulable.has(entry)) {
      if (this.#active.has(entry)) this.#active.fix(entry, -after.priority, entry.timestampUs);
      else this.#inBackoff.fix(entry);
      for (const one of held) this.#observeTarget(one, after);
      return;
    }
    for (const one of held) {
      const report = new EventReport<Pod>(one.event);
      report.target = after;
      this.#consider(entry, one, report, nowUs);
      this.#options.observer?.(report);
      if (!this.#unschedulable.has(entry)) return;
    }
  }

  /** The pod is gone or bound. */
  delete(pod: Pod): void {
    this.nominator.delete(pod);
    const entry = this.#waiting.get(pod.key);
    if (entry === undefined) return;
    if (!this.#active.remove(entry)) this.#inBackoff.remove(entry);
    this.#unschedulable.delete(entry);
    this.#waiting.delete(pod.key);
  }

  #move(
    entries: readonly QueuedPod<Pod>[],
    held: HeldEvent,
    report: EventReport<Pod> | undefined,
    nowUs: number,
  ): void {
    for (const entry of entries) {
      const { gatedBy } = entry;
      if (gatedBy !== undefined && !this.#index.concerns(entry.pod.profile, gatedBy, held.event)) {
        report?.gated.push(entry);
      } else {
        this.#consider(entry, held, report, nowUs);
      }
    }
    if (!this.inFlight.isEmpty) this.inFlight.addEvent(held);
  }

  /** Moves an unschedulable pod if the event may help it and no gate holds it back. */
  #consider(
    entry: QueuedPod<Pod>,
    held: HeldEvent,
    report: EventReport<Pod> | undefined,
    nowUs: number,
  ): void {
    const requeue = this.#worth(entry, held, report);
    if (requeue === "skip") return;
    this.#requeue(entry, requeue, nowUs);
    if (report === undefined) return;
    if (this.#active.has(entry)) report.moved.set(entry, "active");
    else if (!this.#unschedulable.has(entry)) report.moved.set(entry, "backoff");
  }

  #replay(entry: QueuedPod<Pod>, events: readonly HeldEvent[]): Requeue {
    const { observer } = this.#options;
    let result: Requeue = "skip";
    for (const held of events) {
      const report = observer && new EventReport<Pod>(held.event);
      if (report !== undefined) report.replay = entry.pod;
      const requeue = this.#worth(entry, held, report);
      if (report !== undefined) observer?.(report);
      if (requeue === "skip") continue;
      result = requeue;
      // Only a pending plugin can make it better.
      if (requeue === "immediately" || entry.pendingPlugins.size === 0) break;
    }
    return result;
  }

  #worth(entry: QueuedPod<Pod>, held: HeldEvent, report: EventReport<Pod> | undefined): Requeue {
    const registrations = this.#index.matching(entry.pod.profile, held.event);
    const answers: Answers | undefined = this.#options.observer === undefined ? undefined : new Map();
    const requeue = worthRequeuing(entry, held, registrations, this.#options.lookup, answers);
    if (answers !== undefined && answers.size > 0) report?.hints.set(entry, answers);
    return requeue;
  }

  #requeue(entry: QueuedPod<Pod>, requeue: Requeue, nowUs: number): void {
    if (requeue === "skip") {
      this.#unschedulable.add(entry);
      return;
    }
    if (requeue === "immediately" || entry.expiryUs < wholeSecond(nowUs)) {
      this.#toActive(entry, nowUs);
      return;
    }
    if (!this.#passes(entry)) {
      this.#unschedulable.add(entry);
      return;
    }
    this.#unschedulable.delete(entry);
    this.#inBackoff.add(entry);
  }

  #activate(entry: QueuedPod<Pod>): void {
    this.#active.push(entry, -entry.pod.priority, entry.timestampUs);
  }

  /** False when a gate holds the pod back: then it is unschedulable. */
  #toActive(entry: QueuedPod<Pod>, nowUs: number, passed = false): boolean {
    if (!passed && !this.#passes(entry)) {
      this.#unschedulable.add(entry);
      return false;
    }
    entry.initialAttemptUs ??= nowUs;
    this.#unschedulable.delete(entry);
    this.#activate(entry);
    return true;
  }

  #passes(entry: QueuedPod<Pod>): boolean {
    return passesGates(entry, this.#options.profiles[entry.pod.profile].gates);
  }

  #observeTarget({ event }: HeldEvent, target: Pod): void {
    if (this.#options.observer === undefined) return;
    const report = new EventReport<Pod>(event);
    report.target = target;
    this.#options.observer(report);
  }

  /** An update that made the pod known: the last event is the one that is seen to bring it in. */
  #observeNew(held: readonly HeldEvent[], target: Pod): void {
    const { observer } = this.#options;
    if (observer === undefined) return;
    const added = this.#waiting.get(target.key);
    for (const [index, { event }] of held.entries()) {
      const report = new EventReport<Pod>(event);
      report.target = target;
      const isLast = index === held.length - 1;
      if (isLast && added !== undefined && this.#active.has(added)) report.moved.set(added, "active");
      observer(report);
    }
  }
}
