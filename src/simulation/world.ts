import { LimitReached } from "../base/errors.ts";
import { EventHeap } from "../base/event-heap.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { ClusterEvent } from "../scheduler/cluster-event.ts";
import type { Profile } from "../scheduler/profile.ts";
import type { SchedulingQueue } from "../scheduler/queue/scheduling-queue.ts";
import type { TraceBuilder } from "../trace/trace-builder.ts";
import type { Scenario } from "../workload/scenario.ts";
import type { Costs } from "../workload/workload.ts";
import type { Limits } from "./limits.ts";

/** What an event is about. `whom` is a pod's row, a node's row, or nothing. */
export const Event = {
  podArrives: 0,
  attemptEnds: 1,
  podBound: 2,
  podStarted: 3,
  podFinished: 4,
  nodeJoins: 5,
  nodeCordoned: 6,
  nodeUncordoned: 7,
  nodeLost: 8,
  lostPodsDeleted: 9,
  backoffFlush: 10,
  leftoverFlush: 11,
  churnTick: 12,
} as const;

type Handler = (whom: number) => void;

/** The state that the actors of one run share, and the clock that drives them. One file wires the actors; none knows another. */
export class World {
  readonly heap = new EventHeap();
  readonly #handlers: Handler[] = [];
  readonly #registered: readonly (readonly ClusterEvent[] | undefined)[];
  /** The current simulated time in microseconds. */
  now = 0;
  events = 0;

  readonly scenario: Scenario;
  readonly profile: Profile;
  readonly cluster: Cluster;
  readonly queue: SchedulingQueue;
  readonly trace: TraceBuilder;
  readonly costs: Costs;
  readonly limits: Limits;
  /** The kind of each template's pods. */
  readonly kinds: readonly PodKind[];

  constructor(
    parts: Pick<World, "scenario" | "profile" | "cluster" | "queue" | "trace" | "costs" | "limits" | "kinds">,
  ) {
    this.scenario = parts.scenario;
    this.profile = parts.profile;
    this.cluster = parts.cluster;
    this.queue = parts.queue;
    this.trace = parts.trace;
    this.costs = parts.costs;
    this.limits = parts.limits;
    this.kinds = parts.kinds;
    this.#registered = parts.profile.plugins.map(({ plugin }) => plugin.eventsToRegister);
  }

  on(what: number, handler: Handler): void {
    this.#handlers[what] = handler;
  }

  /** An event in the future; one that the horizon cuts off is never made. */
  schedule(timeUs: number, what: number, whom: number): void {
    if (timeUs <= this.scenario.horizonUs) this.heap.push(timeUs, what, whom);
  }

  /** Tells the queue that the cluster changed, for the plugins that registered for such a change. */
  clusterChanged(event: ClusterEvent): void {
    let helped = 0;
    for (let p = 0; p < this.#registered.length; p++) {
      const events = this.#registered[p];
      if (events === undefined || events.includes(event)) helped |= 1 << p;
    }
    this.queue.moveUnschedulable(helped, this.now);
  }

  kindOf(pod: number): PodKind {
    return this.kinds[this.trace.pods.template[pod]];
  }

  /** Runs events in order of time until none is left, or `stop` says so. */
  run(stop: () => boolean): void {
    while (!stop() && this.heap.pop()) {
      this.now = this.heap.time;
      this.events++;
      if (this.events > this.limits.maxEvents) {
        throw new LimitReached(
          `the run reached maxEvents (${this.limits.maxEvents}) at ${(this.now / 1e6).toFixed(3)} simulated seconds; shorten the horizon`,
        );
      }
      this.#handlers[this.heap.what](this.heap.whom);
    }
  }
}
