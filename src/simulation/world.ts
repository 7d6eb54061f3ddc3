import { LimitReached } from "../base/errors.ts";
import { EventHeap } from "../base/event-heap.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Nominations } from "../scheduler/nominations.ts";
import type { Profile } from "../scheduler/profile.ts";
import type { SchedulingQueue } from "../scheduler/queue/scheduling-queue.ts";
import type { TraceBuilder } from "../trace/trace-builder.ts";
import type { Scenario } from "../workload/scenario.ts";
import type { Costs } from "../workload/workload.ts";
import type { Limits } from "./limits.ts";
import type { PodGroups } from "./pod-groups.ts";
import type { PodTable } from "./pod-table.ts";
import type { WaitingEntity } from "./waiting-group.ts";

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
  victimsDeleted: 13,
  podTerminated: 14,
  operationContinues: 15,
  steadyStateEnds: 16,
  permitEnds: 17,
} as const;

type Handler = (whom: number) => void;

/** The state that the actors of one run share, and the clock that drives them. One file wires the actors; none knows another. */
export class World {
  readonly heap = new EventHeap();
  readonly #handlers: Handler[] = [];
  /** The current simulated time in microseconds. */
  now = 0;
  events = 0;

  readonly scenario: Scenario;
  /** One, or several by scheduler name. */
  readonly profiles: readonly Profile[];
  readonly cluster: Cluster;
  readonly queue: SchedulingQueue<WaitingEntity>;
  readonly nominations: Nominations;
  readonly pods: PodTable;
  readonly groups: PodGroups;
  readonly trace: TraceBuilder;
  readonly costs: Costs;
  readonly limits: Limits;

  constructor(
    parts: Pick<
      World,
      | "scenario"
      | "profiles"
      | "cluster"
      | "queue"
      | "nominations"
      | "pods"
      | "groups"
      | "trace"
      | "costs"
      | "limits"
    >,
  ) {
    this.scenario = parts.scenario;
    this.profiles = parts.profiles;
    this.cluster = parts.cluster;
    this.queue = parts.queue;
    this.nominations = parts.nominations;
    this.pods = parts.pods;
    this.groups = parts.groups;
    this.trace = parts.trace;
    this.costs = parts.costs;
    this.limits = parts.limits;
  }

  on(what: number, handler: Handler): void {
    this.#handlers[what] = handler;
  }

  /** An event in the future; one that the horizon cuts off is never made. */
  schedule(timeUs: number, what: number, whom: number): void {
    if (timeUs <= this.scenario.horizonUs) this.heap.push(timeUs, what, whom);
  }

  /** Runs events in order of time until none is left, or `stop` says so; `afterEach` is called after each one. */
  run(stop: () => boolean, afterEach: () => void): void {
    while (!stop() && this.heap.pop()) {
      this.now = this.heap.time;
      this.events++;
      if (this.events > this.limits.maxEvents) {
        throw new LimitReached(
          `the run reached maxEvents (${this.limits.maxEvents}) at ${(this.now / 1e6).toFixed(3)} simulated seconds; shorten the horizon`,
        );
      }
      this.#handlers[this.heap.what](this.heap.whom);
      afterEach();
    }
  }
}
