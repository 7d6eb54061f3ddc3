import { assert } from "../base/assert.ts";
import { defaultRegistrations } from "../scheduler/queue/default-registrations.ts";
import { resourceClaims } from "../scheduler/queue/hints/dynamic-resources.ts";
import { type QueuedPod, type QueuePod, queuePod } from "../scheduler/queue/queued-pod.ts";
import { SchedulingQueue } from "../scheduler/queue/scheduling-queue.ts";
import type { QueueObservation, QueueScript, QueueStep } from "./queue-script.ts";
import { QueueScriptCluster } from "./queue-script-cluster.ts";
import { podDeleted, QueueScriptHandlers } from "./queue-script-handlers.ts";
import { QueueScriptObserver, scriptName } from "./queue-script-observer.ts";

const SECOND_MS = 1000;
const LEFTOVER_BEAT_MS = 30 * SECOND_MS;

/**
 * Does what a recorded script did to kube-scheduler's queue; one observation for each step.
 * @param observed false: nobody watches the events, as in a simulation, so that observations say nothing of them
 */
export function replayQueueScript(script: QueueScript, observed = true): QueueObservation[] {
  const replay = new Replay(script, observed);
  return script.steps.map((step) => replay.step(step));
}

class Replay {
  readonly #cluster = new QueueScriptCluster();
  readonly #observer = new QueueScriptObserver();
  readonly #queue: SchedulingQueue;
  readonly #handlers: QueueScriptHandlers;
  /** Popped pods whose attempt is not over, by name. */
  readonly #popped = new Map<string, QueuedPod>();
  readonly #preempting = new Set<QueuePod["uid"]>();
  #nowMs = 0;

  constructor({ config, objects }: QueueScript, observed: boolean) {
    const { podInitialBackoffSeconds = 1, podMaxBackoffSeconds = 10 } = config;
    for (const object of objects ?? []) this.#cluster.put(object);
    this.#queue = new SchedulingQueue({
      backoff: { initialUs: podInitialBackoffSeconds * 1e6, maxUs: podMaxBackoffSeconds * 1e6 },
      profiles: [
        {
          gates: [
            {
              plugin: "SchedulingGates",
              admits: ({ object }) => (object.spec?.schedulingGates ?? []).length === 0,
            },
            {
              plugin: "DynamicResources",
              admits: ({ object }) => resourceClaims(object, this.#cluster) !== undefined,
            },
            { plugin: "DefaultPreemption", admits: ({ uid }) => !this.#preempting.has(uid) },
          ],
          registrations: defaultRegistrations,
        },
      ],
      lookup: this.#cluster,
      isWaiting: ({ object }) => this.#cluster.isWaiting(object),
      ...(observed && { observer: this.#observer.event }),
    });
    this.#handlers = new QueueScriptHandlers(this.#queue);
  }

  step(step: QueueStep): QueueObservation {
    this.#advance(step.t);
    const popped = this.#operate(step, step.t * 1000);
    return this.#observer.observe(this.#queue, popped);
  }

  /** Runs the flushes that fall between the last step and `untilMs`. */
  #advance(untilMs: number): void {
    let second = (Math.floor(this.#nowMs / SECOND_MS) + 1) * SECOND_MS;
    for (; second <= untilMs; second += SECOND_MS) {
      const nowUs = second * 1000;
      const released = this.#queue.flushBackoff(nowUs);
      this.#observer.flush(nowUs, "backoff", new Map(released.map((entry) => [entry, "active"])));
      if (second % LEFTOVER_BEAT_MS !== 0) continue;
      this.#observer.flush(nowUs, "leftover", this.#queue.flushLeftover(nowUs).moved);
    }
    this.#nowMs = untilMs;
  }

  #operate(step: QueueStep, nowUs: number): string | undefined {
    switch (step.op) {
      case "add":
      case "update": {
        assert(step.object !== undefined, `${step.op} without object`);
        const before = this.#cluster.put(step.object);
        this.#handlers.changed(before, step.object, step.sameVersion === true, nowUs);
        return undefined;
      }
      case "delete": {
        const before = this.#cluster.take(step.kind ?? "", step.key ?? "");
        if (before !== undefined) this.#handlers.changed(before, undefined, false, nowUs);
        return undefined;
      }
      case "pop":
        return this.#pop();
      case "activate":
        for (const name of step.pods ?? []) {
          const pod = this.#cluster.pod(name.split("#")[0]);
          if (pod !== undefined) this.#queue.activate(queuePod(pod), nowUs);
        }
        return undefined;
      case "preempting":
        if (step.running === true) this.#preempting.add(this.#uidOf(step));
        else this.#preempting.delete(this.#uidOf(step));
        return undefined;
      case "fail":
        this.#fail(step, step.nominate, nowUs);
        return undefined;
      case "error":
      case "noNodes":
        this.#fail(step, "", nowUs);
        return undefined;
      case "assume":
        this.#assume(step);
        return undefined;
      case "done": {
        const entry = this.#entry(step);
        this.#queue.done(entry.pod.uid);
        this.#observer.ended(scriptName(entry.pod));
        return undefined;
      }
      case "bindFail":
        this.#bindFail(step, nowUs);
        return undefined;
      default:
        assert(step.op === "advance", `unknown operation ${step.op}`);
        return undefined;
    }
  }

  #pop(): string {
    const entry = this.#queue.pop();
    if (entry === undefined) return "";
    const name = scriptName(entry.pod);
    this.#popped.set(name, entry);
    this.#observer.popped(entry);
    return name;
  }

  /** The failure handler: what comes back is the informer's pod, unless that is gone, bound or another one. */
  #fail(step: QueueStep, nominate: string | undefined, nowUs: number): void {
    const entry = this.#entry(step);
    const object = this.#cluster.pod(String(entry.pod.key));
    this.#popped.delete(scriptName(entry.pod));
    this.#observer.ended(scriptName(entry.pod));
    entry.unschedulablePlugins = new Set(step.unschedulable);
    entry.pendingPlugins = new Set(step.pending);
    const current = object && queuePod(object);
    if (current === undefined || current.object.spec?.nodeName || current.uid !== entry.pod.uid) {
      this.#queue.done(entry.pod.uid);
      return;
    }
    entry.pod = current;
    this.#queue.addUnschedulable(entry, nowUs);
    this.#queue.nominator.add(current, nominate);
  }

  #assume(step: QueueStep): void {
    const entry = this.#entry(step);
    this.#handlers.assume(entry.pod.object, step.node ?? "");
    this.#queue.nominator.delete(entry.pod);
    this.#observer.ended(scriptName(entry.pod));
    if (step.keepInFlight !== true) this.#queue.done(entry.pod.uid);
  }

  #bindFail(step: QueueStep, nowUs: number): void {
    const entry = this.#entry(step);
    const assumed = this.#handlers.forget(entry.pod.object);
    const rejected = (step.unschedulable ?? []).length > 0;
    const tell = (excludes?: (pod: QueuePod) => boolean): void => {
      if (assumed !== undefined) this.#handlers.move(podDeleted, assumed, undefined, nowUs, excludes);
    };
    if (!rejected) tell();
    this.#fail(step, "", nowUs);
    if (rejected) tell(({ uid }) => uid === entry.pod.uid);
  }

  #entry(step: QueueStep): QueuedPod {
    const entry = this.#popped.get(step.pod ?? "");
    assert(entry !== undefined, `${step.pod} was not popped`);
    return entry;
  }

  #uidOf({ pod = "" }: QueueStep): string {
    const [key, uid] = pod.split("#");
    return uid ?? key;
  }
}
