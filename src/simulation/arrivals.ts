import type { Phase } from "../workload/scenario.ts";
import { Event, type World } from "./world.ts";

export interface Arrivals {
  /** Begins the first phase. */
  begin(): void;
  /** Puts a pod that was just created into the queue. */
  enqueue(pod: number): void;
  attempted(pod: number): void;
  scheduled(pod: number): void;
  /** The phase under way; the number of phases when all are complete. */
  readonly phase: number;
}

/** Pods arrive phase by phase; only the next arrival is ever among the pending events. */
export function arrivals(world: World, wake: () => void, phaseBegins: (phase: number) => void): Arrivals {
  const { scenario, trace, queue } = world;
  const { phases } = scenario;
  let phase = -1;
  let beganUs = 0;
  /** Pods of the phase in order of arrival, and how many have arrived, were attempted, were scheduled. */
  let order: readonly number[] = [];
  let arrived = 0;
  let attempted = 0;
  let scheduled = 0;

  function begin(next: number): void {
    phase = next;
    if (phase >= phases.length) return;
    beganUs = world.now;
    order = arrivalOrder(phases[phase]);
    arrived = 0;
    attempted = 0;
    scheduled = 0;
    phaseBegins(phase);
    planNext();
    completeIfDone();
  }

  function arrivalOrder({ firstPod, endPod }: Phase): number[] {
    const { arrivalUs, boundTo } = scenario.pods;
    const rows: number[] = [];
    for (let pod = firstPod; pod < endPod; pod++) if (boundTo[pod] === -1) rows.push(pod);
    return rows.sort((a, b) => arrivalUs[a] - arrivalUs[b] || a - b);
  }

  function planNext(): void {
    if (arrived === order.length) return;
    const pod = order[arrived];
    world.schedule(beganUs + Math.round(scenario.pods.arrivalUs[pod]), Event.podArrives, pod);
  }

  function enqueue(pod: number): void {
    const kind = world.kindOf(pod);
    trace.pods.createdUs[pod] = world.now;
    const { objects } = world.cluster;
    const gated = world.profile.plugins.some(
      ({ plugin }) => plugin.preEnqueue?.(kind, objects) !== undefined,
    );
    // A gated pod gets its PodScheduled condition from the API server: whoever waits for attempts does not wait for it.
    if (gated && inPhase(pod)) attempted++;
    if (!gated) queue.add(pod, priorityOf(pod), world.now);
    wake();
  }

  function priorityOf(pod: number): number {
    const kind = world.kindOf(pod);
    const sort = world.profile.plugins.find(({ plugin }) => plugin.queueSort !== undefined);
    return sort?.plugin.queueSort?.(kind) ?? 0;
  }

  function completeIfDone(): void {
    if (phase >= phases.length) return;
    const { completeWhen } = phases[phase];
    const reached =
      completeWhen === "created" ? arrived : completeWhen === "attempted" ? attempted : scheduled;
    if (arrived === order.length && reached >= order.length) begin(phase + 1);
  }

  function inPhase(pod: number): boolean {
    const current = phases[phase];
    return current !== undefined && pod >= current.firstPod && pod < current.endPod;
  }

  world.on(Event.podArrives, (pod) => {
    arrived++;
    planNext();
    enqueue(pod);
    completeIfDone();
  });

  return {
    begin: () => begin(0),
    enqueue,
    attempted(pod) {
      // Only the first attempt counts.
      if (inPhase(pod) && trace.pods.attempts[pod] === 1) attempted++;
      completeIfDone();
    },
    scheduled(pod) {
      if (inPhase(pod)) scheduled++;
      completeIfDone();
    },
    get phase() {
      return phase;
    },
  };
}
