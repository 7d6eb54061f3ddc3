import type { Preemption } from "../scheduler/plugin.ts";
import type { PostFilterOutcome } from "../scheduler/post-filter.ts";
import type { Informers } from "./informers.ts";
import type { WaitingPod } from "./pod-table.ts";
import { Event, type World } from "./world.ts";

export interface Preemptions {
  /** Carries out what PostFilter came to; undefined: no plugin had a say. */
  readonly begin: (pod: WaitingPod, outcome: PostFilterOutcome | undefined) => void;
  /** PreEnqueue of DefaultPreemption: false while the last victim of the pod has still to be asked to go. */
  readonly admits: (pod: number) => boolean;
}

/** How a victim goes, and whether it goes already. */
export interface VictimActions {
  preempt(pod: number): void;
  isGoing(pod: number): boolean;
}

/**
 * Preemption as kube-scheduler carries it out by default, beside its main loop (upstream:
 * pkg/scheduler/framework/preemption/executor.go, SchedulerAsyncPreemption): the pod is nominated at once, and a write to the
 * API server later its victims are asked to go. Until then PreEnqueue keeps the pod out of the queue. When the victims are
 * gone, the deletion of the last one brings it back.
 */
export function preemptions(world: World, informers: Informers, victims: VictimActions): Preemptions {
  const { nominations, trace, costs } = world;
  const underWay = new Map<number, Preemption>();

  function nominate(pod: WaitingPod, node: number): void {
    const before = nominations.nodeOf(pod.key);
    if (before === node) return;
    if (node === -1) nominations.clear(pod.key);
    else nominations.nominate(pod.key, pod.kind, node);
    if (before !== -1) informers.nominationGone(pod.key);
  }

  function begin(pod: WaitingPod, outcome: PostFilterOutcome | undefined): void {
    // Without PostFilter the failure clears the nomination; a result that says nothing of it leaves it.
    const node = outcome === undefined ? -1 : outcome.nominate;
    const preemption = outcome?.preemption;
    if (preemption?.victims.some((victim) => !isGoing(victim))) {
      trace.pods.preemptions[pod.key]++;
      underWay.set(pod.key, preemption);
      world.schedule(world.now + costs.bindUs, Event.victimsDeleted, pod.key);
    }
    if (node !== undefined) nominate(pod, node);
  }

  world.on(Event.victimsDeleted, (pod) => {
    const preemption = underWay.get(pod);
    if (preemption === undefined) return;
    for (const other of preemption.clearedNominations) {
      if (nominations.nodeOf(other) !== preemption.node) continue;
      nominations.clear(other);
      informers.nominationGone(other);
    }
    preemption.victims.forEach((victim, place) => {
      if (place === preemption.victims.length - 1) underWay.delete(pod);
      if (isGoing(victim)) return;
      trace.pods.preempted[victim] = 1;
      victims.preempt(victim);
    });
  });

  function isGoing(victim: number): boolean {
    return victims.isGoing(victim) || !Number.isNaN(trace.pods.finishedUs[victim]);
  }

  return {
    begin,
    admits(pod) {
      const last = underWay.get(pod)?.victims.at(-1);
      return last === undefined || isGoing(last);
    },
  };
}
