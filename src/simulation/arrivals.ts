import type { Phase, PodRange } from "../workload/scenario.ts";
import { RowSet } from "./row-set.ts";
import { Event, type World } from "./world.ts";

export interface Arrivals {
  /** Begins the first phase. */
  readonly begin: () => void;
  /** Puts a pod that was just created into the queue. */
  readonly enqueue: (pod: number) => void;
  readonly attempted: (pod: number) => void;
  readonly scheduled: (pod: number) => void;
  /** The pod has finished or was deleted: nobody waits for it any more. */
  readonly gone: (pod: number) => void;
  /** The phase under way; the number of phases when all are complete. */
  readonly phase: number;
}

/** What a phase does besides letting its pods arrive; the wiring gives it the other actors' ways. */
export interface PhaseActions {
  phaseBegins(phase: number): void;
  /** Does the phase's operations one after another, then calls back. */
  operate(phase: Phase, done: () => void): void;
  /** What has to be there before the pod is. */
  prepare(pod: number): void;
  /** Puts a pod into the scheduler's queue; returns whether nothing holds it back. */
  queue(pod: number): boolean;
  deletePod(pod: number): void;
}

/** Pods arrive phase by phase; only the next arrival is ever among the pending events. */
export function arrivals(world: World, actions: PhaseActions): Arrivals {
  const { scenario, trace, cluster, groups } = world;
  const { phases } = scenario;
  let phase = -1;
  let beganUs = 0;
  /** Pods of the phase in order of arrival, and how many have arrived. */
  let order: Int32Array = new Int32Array();
  let arrived = 0;
  /** Pods that have not come as far as the phase waits for. */
  const missing = new RowSet();
  /** The phase's operations are done, so that its pods arrive. */
  let open = false;
  let steadyUntilUs = Number.NEGATIVE_INFINITY;
  /** Since when the phase does nothing but wait. */
  let waitsSinceUs = 0;

  function begin(next: number): void {
    phase = next;
    open = false;
    missing.clear();
    if (phase >= phases.length) return;
    const current = phases[phase];
    order = arrivalOrder(current);
    arrived = 0;
    actions.phaseBegins(phase);
    if (current.operations === undefined) operated(current);
    else actions.operate(current, () => operated(current));
  }

  function operated(current: Phase): void {
    open = true;
    beganUs = world.now;
    waitsSinceUs = world.now;
    for (const pod of order) missing.add(pod);
    for (const range of current.awaits ?? []) awaitPods(range, current.completeWhen);
    if (current.steadyForUs !== undefined) {
      steadyUntilUs = world.now + current.steadyForUs;
      world.schedule(steadyUntilUs, Event.steadyStateEnds, phase);
    }
    planNext();
    completeIfDone();
  }

  function arrivalOrder({ firstPod, endPod }: Phase): Int32Array {
    const { arrivalUs, boundTo } = scenario.pods;
    const rows = new Int32Array(endPod - firstPod);
    let count = 0;
    let sorted = true;
    for (let pod = firstPod; pod < endPod; pod++) {
      if (boundTo[pod] !== -1) continue;
      if (count > 0 && arrivalUs[pod] < arrivalUs[rows[count - 1]]) sorted = false;
      rows[count++] = pod;
    }
    const arriving = rows.subarray(0, count);
    return sorted ? arriving : arriving.sort((a, b) => arrivalUs[a] - arrivalUs[b] || a - b);
  }

  function awaitPods({ first, end }: PodRange, until: Phase["completeWhen"]): void {
    const { pods } = trace;
    for (let pod = first; pod < end; pod++) {
      const gone = !Number.isNaN(pods.deletedUs[pod]);
      const reached =
        until === "scheduled"
          ? !Number.isNaN(pods.scheduledUs[pod])
          : until === "attempted"
            ? pods.attempts[pod] > 0 || isGated(pod)
            : pods.createdUs[pod] >= 0;
      if (!gone && !reached) missing.add(pod);
    }
  }

  function planNext(): void {
    if (arrived === order.length) return;
    const pod = order[arrived];
    world.schedule(beganUs + Math.round(scenario.pods.arrivalUs[pod]), Event.podArrives, pod);
  }

  function enqueue(pod: number): void {
    trace.pods.createdUs[pod] = world.now;
    actions.prepare(pod);
    const profile = world.pods.profileOf(world.pods.kindOf(pod));
    // Nobody schedules for that name: the pod waits for ever.
    const queued = profile !== -1 && actions.queue(pod);
    const { completeWhen } = phases[phase] ?? { completeWhen: "created" };
    // A gated pod gets its PodScheduled condition from the API server: whoever waits for attempts does not wait for it.
    if (completeWhen === "created" || (completeWhen === "attempted" && !queued)) missing.delete(pod);
  }

  function isGated(pod: number): boolean {
    const { plugins } = world.profiles[world.pods.profileOf(world.pods.kindOf(pod))] ?? { plugins: [] };
    const kind = world.pods.kindOf(pod);
    return plugins.some(
      ({ plugin }) => plugin.preEnqueue?.(kind, cluster.objects, groups.counts) !== undefined,
    );
  }

  function completeIfDone(): void {
    if (phase >= phases.length || !open) return;
    if (arrived < order.length || missing.size > 0 || world.now < steadyUntilUs) return;
    begin(phase + 1);
  }

  /** Looked at after attempts only: as long as there is none, nothing is lost by waiting. */
  function giveUpIfLate(): void {
    const { waitsAtMostUs = Number.POSITIVE_INFINITY } = scenario;
    const waits = phase < phases.length && open && arrived === order.length && missing.size > 0;
    if (waits && world.now > Math.max(waitsSinceUs, steadyUntilUs) + waitsAtMostUs) begin(phases.length);
  }

  /** The pod has come as far as this; only the first time counts. */
  function reached(pod: number, station: Phase["completeWhen"]): void {
    if (phases[phase]?.completeWhen !== station || !missing.delete(pod)) return;
    completeIfDone();
  }

  /** Another pod of its template takes the place of one that was scheduled. */
  function keepSteady(pod: number): void {
    const current = phases[phase];
    if (current === undefined || world.now >= steadyUntilUs || !inPhase(pod, current)) return;
    const template = trace.pods.template[pod];
    actions.deletePod(pod);
    enqueue(replacement(template));
  }

  const replacements = new Set<number>();

  function replacement(template: number): number {
    const pod = trace.addPod(template, world.now);
    replacements.add(pod);
    return pod;
  }

  function inPhase(pod: number, { firstPod, endPod }: Phase): boolean {
    return (pod >= firstPod && pod < endPod) || replacements.has(pod);
  }

  world.on(Event.podArrives, (pod) => {
    arrived++;
    waitsSinceUs = world.now;
    planNext();
    enqueue(pod);
    completeIfDone();
  });
  world.on(Event.steadyStateEnds, () => {
    replacements.clear();
    completeIfDone();
  });

  return {
    begin: () => begin(0),
    enqueue,
    attempted(pod) {
      reached(pod, "attempted");
      giveUpIfLate();
    },
    scheduled(pod) {
      reached(pod, "scheduled");
      keepSteady(pod);
    },
    gone(pod) {
      if (missing.delete(pod)) completeIfDone();
    },
    get phase() {
      return phase;
    },
  };
}
