import type { Cluster } from "../../src/cluster/cluster.ts";
import type { AttemptClock } from "../../src/scheduler/batching/opportunistic-batching.ts";
import type { Nominations } from "../../src/scheduler/nominations.ts";
import type { Outcome } from "../../src/scheduler/outcome.ts";
import type { Preemption } from "../../src/scheduler/plugin.ts";
import type { QueuedPod } from "../../src/scheduler/queue/queued-pod.ts";
import type { SchedulingQueue } from "../../src/scheduler/queue/scheduling-queue.ts";
import type { SchedulingCycle } from "../../src/scheduler/scheduling-cycle.ts";
import type { Placements } from "./placements.ts";
import type { PlayedPod, PlayedPods } from "./played-pods.ts";
import { assigned, left, PodEvent } from "./pod-event.ts";
import type { RejectorNames } from "./rejector-names.ts";

const SECOND_US = 1_000_000;

export interface DecisionLoopParts {
  readonly cluster: Cluster;
  readonly queue: SchedulingQueue<PlayedPod>;
  /** One for each profile. */
  readonly cycles: readonly SchedulingCycle[];
  /** By which the cycles know what came right after what. */
  readonly clock: AttemptClock;
  readonly nominations: Nominations;
  readonly pods: PlayedPods;
  readonly placements: Placements;
  /** By profile. */
  readonly rejectorNames: readonly RejectorNames[];
  /** By profile: whether some plugin may make room for a pod that no node takes. */
  readonly hasPostFilter: readonly boolean[];
  /** Told after each attempt; churn is driven by it. */
  readonly afterAttempt: () => void;
}

/**
 * The decisions of a scheduler and all their bookkeeping, and nothing else: pop, scheduling cycle, Reserve, assume, done; for a pod
 * that no node takes PostFilter, nomination and its way back into the queue, and the victims' way out of the cluster. A pod that
 * is assumed counts as bound and runs. The queue's clock goes on by a microsecond with each attempt, and jumps past a back-off when
 * nobody else is left.
 */
export class DecisionLoop {
  readonly #cluster;
  readonly #queue;
  readonly #cycles;
  readonly #clock;
  readonly #nominations;
  readonly #pods;
  readonly #placements;
  readonly #rejectorNames;
  readonly #hasPostFilter;
  readonly #afterAttempt;
  /** Where the next search starts, whichever profile it is for. */
  #nextStart = 0;
  /** Some pod may wait for an event. */
  #someWait = false;
  #started = 0;
  attempts = 0;
  scheduled = 0;
  unschedulable = 0;
  preempted = 0;

  constructor(parts: DecisionLoopParts) {
    this.#cluster = parts.cluster;
    this.#queue = parts.queue;
    this.#cycles = parts.cycles;
    this.#clock = parts.clock;
    this.#nominations = parts.nominations;
    this.#pods = parts.pods;
    this.#placements = parts.placements;
    this.#rejectorNames = parts.rejectorNames;
    this.#hasPostFilter = parts.hasPostFilter;
    this.#afterAttempt = parts.afterAttempt;
  }

  /** Runs until the queue gives no pod, or until `attempts` have been made in all. */
  runTo(attempts: number): void {
    const queue = this.#queue;
    while (this.attempts < attempts) {
      const entry = queue.pop();
      if (entry === undefined) {
        if (!this.#jump()) return;
        continue;
      }
      if (entry.expiryUs > this.#clock.nowUs) this.#passBackoff(entry.expiryUs);
      const { pod } = entry;
      // Upstream: "skip schedule deleting pod".
      if (pod.kind.terminating) {
        queue.done(pod.uid);
        continue;
      }
      this.#attempt(entry, pod);
      this.#afterAttempt();
    }
  }

  /** A pod may wait for events though no attempt failed: a gate holds it back. */
  somePodWaits(): void {
    this.#someWait = true;
  }

  /** A pod is on its node and runs; each starts after those before it, so that preemption can tell them apart. */
  runs(row: number): void {
    this.#cluster.start(row, this.#started++);
  }

  /** A pod leaves its node, and whoever waits for that hears of it. */
  removePlaced(pod: PlayedPod): void {
    const cluster = this.#cluster;
    const node = cluster.nodeOf(pod.key);
    cluster.release(pod.key);
    if (this.#someWait && this.#queue.wants(left)) {
      this.#queue.moveAll(PodEvent.left(pod, cluster.nodes.name(node)), this.#clock.nowUs);
    }
  }

  /** A pod is expected on its nominated node no more: pods of no greater priority hear of it. */
  nominationGone(pod: PlayedPod): void {
    const { priority } = pod.kind;
    this.#queue.moveAll(PodEvent.left(pod), this.#clock.nowUs, ({ kind }) => kind.priority > priority);
  }

  #attempt(entry: QueuedPod<PlayedPod>, pod: PlayedPod): void {
    const cycle = this.#cycles[pod.profile];
    cycle.nextStart = this.#nextStart;
    this.#clock.attempt++;
    this.#clock.nowUs++;
    const outcome = cycle.run(pod.key, pod.kind, entry.attempts);
    this.#nextStart = cycle.nextStart;
    this.attempts++;
    if (outcome.node === -1) this.#failed(entry, pod, cycle, outcome);
    else this.#placed(pod, outcome.node, outcome.devices);
  }

  #placed(pod: PlayedPod, node: number, devices: number): void {
    const cluster = this.#cluster;
    const { key: row, kind, role } = pod;
    if (role.reserves.length > 0) {
      for (const reserve of role.reserves) {
        cluster.objects = reserve({ pod: kind, row, nodes: cluster.nodes, cluster }, node);
      }
    }
    cluster.assume(row, kind, node, devices);
    this.runs(row);
    if (!this.#nominations.empty) this.#nominations.clear(row);
    this.#queue.done(pod.uid);
    this.#placements.add(row, node);
    this.scheduled++;
    if (this.#someWait && this.#queue.wants(assigned)) {
      this.#queue.moveAll(PodEvent.assigned(pod, cluster.nodes.name(node)), this.#clock.nowUs);
    }
  }

  #failed(entry: QueuedPod<PlayedPod>, pod: PlayedPod, cycle: SchedulingCycle, outcome: Outcome): void {
    const { profile } = pod;
    const result = this.#hasPostFilter[profile] ? cycle.postFilter() : undefined;
    // Without PostFilter the failure clears the nomination; a result that says nothing of it leaves it.
    const node = result === undefined ? -1 : result.nominate;
    if (node !== undefined) this.#nominate(pod, node);
    entry.unschedulablePlugins = this.#rejectorNames[profile].of(outcome.rejectors);
    this.#someWait = true;
    this.unschedulable++;
    this.#queue.addUnschedulable(entry, this.#clock.nowUs);
    const preemption = result?.preemption;
    if (preemption !== undefined) this.#evict(preemption);
  }

  #nominate(pod: PlayedPod, node: number): void {
    const nominations = this.#nominations;
    const before = nominations.nodeOf(pod.key);
    if (before === node) return;
    if (node === -1) nominations.clear(pod.key);
    else nominations.nominate(pod.key, pod.kind, node);
    if (before !== -1) this.nominationGone(pod);
  }

  /** As if the victims were deleted at once. */
  #evict({ node, victims, clearedNominations }: Preemption): void {
    for (const row of clearedNominations) {
      if (this.#nominations.nodeOf(row) !== node) continue;
      this.#nominations.clear(row);
      this.nominationGone(this.#pods.at(row));
    }
    for (const row of victims) {
      this.preempted++;
      this.removePlaced(this.#pods.at(row));
    }
  }

  /** On to when the next pod leaves back-off; false when none is there. */
  #jump(): boolean {
    const atUs = this.#queue.nextBackoffFlushUs;
    if (atUs === Number.POSITIVE_INFINITY) return false;
    this.#clock.nowUs = atUs;
    this.#queue.flushBackoff(atUs);
    return true;
  }

  /** A pod was taken out of back-off before its time: now is then, for the others too. */
  #passBackoff(expiryUs: number): void {
    const clock = this.#clock;
    clock.nowUs = Math.max(clock.nowUs, expiryUs + SECOND_US);
    this.#queue.flushBackoff(clock.nowUs);
  }
}
