import type { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";
import { Event, type World } from "./world.ts";

/**
 * Brackets the scheduler's own work; `bench` measures with it. Every attempt has two brackets: from the pop of a pod to its
 * assumption, and, when its simulated time has passed, its return to the queue or removal from it.
 */
export interface Stopwatch {
  /** A phase of the scenario begins. */
  phaseBegins(phase: number): void;
  start(): void;
  stop(): void;
  /** What an attempt decided, told outside of the brackets; node -1: none would do. */
  decided(pod: number, node: number): void;
}

/** Counts over all attempts. */
export interface SchedulerTotals {
  attempts: number;
  nodesEvaluated: number;
  tiedDecisions: number;
}

export interface SchedulerLoop {
  readonly totals: SchedulerTotals;
  /** To be called when something may have become ready to be scheduled. */
  wake(): void;
}

/** Who is told of a pod's attempts. */
export interface SchedulerListener {
  attempted(pod: number): void;
  scheduled(pod: number): void;
}

/**
 * kube-scheduler's main loop: one pod at a time. An attempt decides on the cluster as it is when the pod is popped, and
 * takes simulated time by the stated cost model; the pod is assumed at once and bound a while after the attempt's end.
 */
export function schedulerLoop(
  world: World,
  cycle: SchedulingCycle,
  listener: SchedulerListener,
  stopwatch: Stopwatch | undefined,
): SchedulerLoop {
  const { queue, cluster, costs, trace } = world;
  const totals: SchedulerTotals = { attempts: 0, nodesEvaluated: 0, tiedDecisions: 0 };
  let busy = false;
  let backoffFlushAt = Number.POSITIVE_INFINITY;
  let leftoverFlushAt = Number.POSITIVE_INFINITY;

  function wake(): void {
    if (busy || !queue.ready) return;
    const pod = attempt();
    busy = true;
    const costUs = Math.round(costs.attemptUs + costs.nodeUs * cycle.outcome.evaluated);
    world.schedule(world.now + costUs, Event.attemptEnds, pod);
  }

  function attempt(): number {
    stopwatch?.start();
    const pod = queue.pop();
    const kind = world.kindOf(pod);
    const number = queue.attemptsOf(pod);
    const outcome = cycle.run(pod, kind, number);
    if (outcome.node !== -1) cluster.assume(pod, kind, outcome.node, outcome.devices);
    stopwatch?.stop();
    stopwatch?.decided(pod, outcome.node);
    const { pods } = trace;
    if (number === 1) pods.firstAttemptUs[pod] = world.now;
    pods.attempts[pod] = number;
    pods.evaluated[pod] = outcome.evaluated;
    pods.feasible[pod] = outcome.feasible;
    pods.score[pod] = outcome.score;
    pods.tied[pod] = outcome.tied;
    if (outcome.node === -1) pods.rejector[pod] = outcome.mainRejector;
    totals.attempts++;
    totals.nodesEvaluated += outcome.evaluated;
    if (outcome.tied > 1) totals.tiedDecisions++;
    return pod;
  }

  function attemptEnds(pod: number): void {
    busy = false;
    const { outcome } = cycle;
    const placed = outcome.node !== -1;
    stopwatch?.start();
    if (placed) queue.done();
    else queue.fail(outcome.rejectors, world.now);
    stopwatch?.stop();
    if (placed) {
      trace.pods.scheduledUs[pod] = world.now;
      world.schedule(world.now + costs.bindUs, Event.podBound, pod);
      listener.scheduled(pod);
    }
    listener.attempted(pod);
    planFlushes();
    wake();
  }

  /** The flushes are beats of a clock; only the next one that will find something is an event. */
  function planFlushes(): void {
    const backoff = queue.nextBackoffFlush();
    if (backoff < backoffFlushAt) {
      backoffFlushAt = backoff;
      world.schedule(backoff, Event.backoffFlush, 0);
    }
    const leftover = queue.nextLeftoverFlush();
    if (leftover < leftoverFlushAt) {
      leftoverFlushAt = leftover;
      world.schedule(leftover, Event.leftoverFlush, 0);
    }
  }

  world.on(Event.attemptEnds, attemptEnds);
  world.on(Event.backoffFlush, () => {
    backoffFlushAt = Number.POSITIVE_INFINITY;
    queue.flushBackoff(world.now);
    planFlushes();
    wake();
  });
  world.on(Event.leftoverFlush, () => {
    leftoverFlushAt = Number.POSITIVE_INFINITY;
    queue.flushLeftover(world.now);
    planFlushes();
    wake();
  });

  return {
    totals,
    wake() {
      planFlushes();
      wake();
    },
  };
}
