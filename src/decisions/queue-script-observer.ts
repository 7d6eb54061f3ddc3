import { isDeepStrictEqual } from "node:util";
import type { EventReport } from "../scheduler/queue/event-report.ts";
import type { InFlightEntry } from "../scheduler/queue/in-flight-list.ts";
import type { QueuedPod, QueuePod } from "../scheduler/queue/queued-pod.ts";
import type { SchedulingQueue } from "../scheduler/queue/scheduling-queue.ts";
import type { Moves, ObservedEvent, PodRecord, QueueObservation } from "./queue-script.ts";

/** `namespace/name`, with `#uid` behind it when the identity is another. */
export function scriptName({ key, uid }: QueuePod): string {
  return uid === key ? String(key) : `${key}#${uid}`;
}

/** Turns what the queue tells and shows into the recordings' form. */
export class QueueScriptObserver {
  #events: ObservedEvent[] = [];
  #flushes: { t: number; kind: string; moved: Moves }[] = [];
  #seen = new Map<string, PodRecord>();
  /** Names of pods that were popped, by identity: their objects may be gone. */
  readonly #names = new Map<QueuePod["uid"], string>();
  readonly #inFlight = new Map<string, PodRecord>();

  readonly event = (report: EventReport): void => {
    this.#events.push(observedEvent(report));
  };

  flush(timeUs: number, kind: string, moved: ReadonlyMap<QueuedPod, string>): void {
    if (moved.size > 0) this.#flushes.push({ t: timeUs / 1000, kind, moved: moves(moved) });
  }

  popped(entry: QueuedPod): void {
    const name = scriptName(entry.pod);
    this.#names.set(entry.pod.uid, name);
    this.#inFlight.set(name, recordOf(entry, "inFlight"));
  }

  /** The pod's attempt is over. */
  ended(name: string): void {
    this.#inFlight.delete(name);
  }

  observe(queue: SchedulingQueue, popped: string | undefined): QueueObservation {
    const records = new Map(this.#inFlight);
    const collect = (entries: readonly QueuedPod[], where: string): string[] =>
      entries.map((entry) => {
        const name = scriptName(entry.pod);
        records.set(name, recordOf(entry, where));
        return name;
      });
    const { active, rejected, errored, unschedulable } = queue;
    const observation: QueueObservation = {
      ...(this.#flushes.length > 0 && { flushes: this.#flushes }),
      ...(popped !== undefined && { popped }),
      ...(this.#events.length > 0 && { events: this.#events }),
      active: collect(active, "active"),
      backoff: [
        ...collect(rejected, "backoff").map((pod, i) => ({ pod, expiry: rejected[i].expiryUs / 1000 })),
        ...collect(errored, "backoff").map((pod, i) => ({
          pod,
          expiry: errored[i].expiryUs / 1000,
          errored: true,
        })),
      ],
      unschedulable: collect(unschedulable, "unschedulable").sort(),
      inFlight: Array.from(queue.inFlight.entries, (entry) => this.#entryName(entry)),
      ...(queue.nominator.byNode.size > 0 && {
        nominated: Object.fromEntries(
          Array.from(queue.nominator.byNode, ([node, pods]) => [node, pods.map(scriptName)]),
        ),
      }),
      cycle: queue.schedulingCycle,
    };
    const changed = [...records].filter(([name, record]) => !isDeepStrictEqual(record, this.#seen.get(name)));
    this.#seen = records;
    this.#events = [];
    this.#flushes = [];
    return changed.length === 0 ? observation : { ...observation, changed: Object.fromEntries(changed) };
  }

  #entryName(entry: InFlightEntry): string {
    if ("event" in entry) return `event ${entry.event.label}`;
    return this.#names.get(entry.uid) ?? String(entry.uid);
  }
}

function observedEvent(report: EventReport): ObservedEvent {
  const hints = Array.from(report.hints, ([entry, answers]) => [
    scriptName(entry.pod),
    Object.fromEntries(Array.from(answers, ([plugin, queue]) => [plugin, queue ? "Queue" : "Skip"])),
  ]);
  return {
    event: report.event.label,
    ...(report.target !== undefined && { target: scriptName(report.target) }),
    ...(report.replay !== undefined && { replay: scriptName(report.replay) }),
    ...(report.ignored && { ignored: true }),
    ...(report.excluded.length > 0 && { excluded: names(report.excluded) }),
    ...(report.gated.length > 0 && { gated: names(report.gated) }),
    ...(hints.length > 0 && {
      hints: Object.fromEntries(hints) as Record<string, Record<string, "Queue" | "Skip">>,
    }),
    ...(report.moved.size > 0 && { moved: moves(report.moved) }),
  };
}

function names(entries: readonly QueuedPod[]): string[] {
  return entries.map((entry) => scriptName(entry.pod)).sort();
}

function moves(moved: ReadonlyMap<QueuedPod, string>): Moves {
  return Object.fromEntries(Array.from(moved, ([entry, place]) => [scriptName(entry.pod), place]));
}

function recordOf(entry: QueuedPod, where: string): PodRecord {
  return {
    where,
    attempts: entry.attempts,
    unschedulableCount: entry.unschedulableCount,
    consecutiveErrors: entry.consecutiveErrors,
    timestamp: entry.timestampUs / 1000,
    ...(entry.initialAttemptUs !== undefined && { initialAttempt: entry.initialAttemptUs / 1000 }),
    ...(entry.unschedulablePlugins.size > 0 && {
      unschedulablePlugins: [...entry.unschedulablePlugins].sort(),
    }),
    ...(entry.pendingPlugins.size > 0 && { pendingPlugins: [...entry.pendingPlugins].sort() }),
    ...(entry.gatedBy !== undefined && { gatedBy: entry.gatedBy }),
    ...(entry.flushed && { flushed: true }),
    ...(entry.flushUs !== undefined && { flushTime: entry.flushUs / 1000 }),
  };
}
