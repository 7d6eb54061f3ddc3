import type { PodCondition } from "../kubernetes/pod.ts";
import type { Informers } from "./informers.ts";
import { Event, type World } from "./world.ts";

export interface PodLifecycle {
  /** A pod that already runs when the simulation begins. */
  readonly startInitial: (pod: number, node: number) => void;
  /** The scheduler has decided: the pod is bound a while later. */
  readonly bind: (pod: number) => void;
  /** Deletes a pod wherever it is in its life. */
  readonly remove: (pod: number) => void;
  /** Asks a pod to go: one that runs takes its time for that. */
  readonly terminate: (pod: number) => void;
  /** The same, to make room for another pod. */
  readonly preempt: (pod: number) => void;
  /** A pod becomes one of another template; one that is gone does not. */
  readonly update: (pod: number, template: number) => void;
  readonly isDeleted: (pod: number) => boolean;
  /** Whether the pod was asked to go, or has gone. */
  readonly isGoing: (pod: number) => boolean;
}

/** Who is told of what happens to pods. */
export interface LifecycleListener {
  /** The pod is bound: what was promised to it is made true. */
  readonly bound: (pod: number) => void;
  /** The pod has finished or was deleted. */
  readonly gone: (pod: number) => void;
}

/** What preemption writes to a victim's status; nothing else reads it of pods that are being deleted. */
const DISRUPTION_TARGET: PodCondition = {
  type: "DisruptionTarget",
  status: "True",
  reason: "PreemptionByScheduler",
};

/** Upstream: DefaultTerminationGracePeriodSeconds. */
const DEFAULT_GRACE_SECONDS = 30;

/**
 * What happens to a pod after the scheduler's decision: bound, started, finished; or deleted before its time. A stand-in
 * for kubelet and API server, with constant latencies, that keeps no more than what placement needs.
 */
export function podLifecycle(
  world: World,
  informers: Informers,
  isLost: (node: number) => boolean,
  listener: LifecycleListener,
): PodLifecycle {
  const { cluster, trace, costs, scenario, pods } = world;
  const terminating = new Set<number>();

  world.on(Event.podBound, (pod) => {
    if (isDeleted(pod)) return;
    const node = cluster.nodeOf(pod);
    trace.pods.boundUs[pod] = world.now;
    trace.pods.node[pod] = node;
    trace.pods.devices[pod] = cluster.devicesOf(pod);
    listener.bound(pod);
    informers.podAssigned(pod);
    if (!isLost(node)) world.schedule(world.now + costs.startUs, Event.podStarted, pod);
  });

  world.on(Event.podStarted, (pod) => {
    if (isDeleted(pod) || isLost(cluster.nodeOf(pod))) return;
    trace.pods.startedUs[pod] = world.now;
    cluster.start(pod, world.now);
    world.schedule(world.now + runTime(pod), Event.podFinished, pod);
  });

  world.on(Event.podFinished, (pod) => {
    // On a lost node nobody reports that it finished.
    if (isDeleted(pod) || isLost(cluster.nodeOf(pod))) return;
    trace.pods.finishedUs[pod] = world.now;
    leave(pod);
  });

  world.on(Event.podTerminated, remove);

  function runTime(pod: number): number {
    return pod < scenario.pods.count ? scenario.pods.runUs[pod] : Number.POSITIVE_INFINITY;
  }

  function leave(pod: number): void {
    const node = cluster.nodeOf(pod);
    cluster.release(pod);
    informers.podLeft(pod, node);
    listener.gone(pod);
    pods.forget(pod);
  }

  function remove(pod: number): void {
    if (isDeleted(pod) || !isThere(pod)) return;
    trace.pods.deletedUs[pod] = world.now;
    const nominated = world.nominations.nodeOf(pod) !== -1;
    world.nominations.clear(pod);
    if (cluster.nodeOf(pod) !== -1) {
      const unbound = Number.isNaN(trace.pods.boundUs[pod]);
      // A pod that was assumed but not yet bound is bound and deleted at once: its row says where it was to go. One whose
      // attempt has not ended was never there.
      if (trace.pods.node[pod] === -1 && !Number.isNaN(trace.pods.scheduledUs[pod])) {
        trace.pods.boundUs[pod] = world.now;
        trace.pods.node[pod] = cluster.nodeOf(pod);
        trace.pods.devices[pod] = cluster.devicesOf(pod);
      }
      // What was reserved for it is made true, and then given back as it always is.
      if (unbound) listener.bound(pod);
      leave(pod);
      return;
    }
    if (pods.profileOf(pods.kindOf(pod)) !== -1) world.queue.delete(pods.waiting(pod));
    if (nominated) informers.nominationGone(pod);
    listener.gone(pod);
    pods.forget(pod);
  }

  function terminate(pod: number, conditions: readonly PodCondition[] = []): void {
    if (isGoing(pod) || !isThere(pod)) return;
    const node = cluster.nodeOf(pod);
    if (node === -1 || isLost(node) || Number.isNaN(trace.pods.startedUs[pod])) {
      // Nothing runs that would take time to stop; a lost node's pods go when the control plane gives the node up.
      if (node === -1 || !isLost(node)) remove(pod);
      return;
    }
    terminating.add(pod);
    const grace = pods.kindOf(pod).spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
    if (grace === 0) {
      remove(pod);
      return;
    }
    replace(pod, () => {
      pods.differ(pod, (object) => ({
        ...object,
        metadata: { ...object.metadata, deletionTimestamp: new Date(world.now / 1000).toISOString() },
        status: { ...object.status, conditions },
      }));
    });
    world.schedule(world.now + grace * 1e6, Event.podTerminated, pod);
  }

  /** The pod is another one from now on; upstream's cache takes one that is on a node off it and puts it back. */
  function replace(pod: number, change: () => void): void {
    const node = cluster.nodeOf(pod);
    if (node === -1) {
      if (pods.profileOf(pods.kindOf(pod)) === -1) {
        change();
        return;
      }
      const before = pods.waiting(pod);
      // Made while it is what it was.
      before.keepObject();
      change();
      informers.waitingPodUpdated(before, pods.waiting(pod));
      return;
    }
    const before = pods.objectOf(pod, cluster.nodes.name(node));
    const devices = cluster.devicesOf(pod);
    const started = cluster.startTimeOf(pod);
    change();
    cluster.release(pod);
    cluster.assume(pod, pods.kindOf(pod), node, devices);
    cluster.start(pod, started);
    informers.placedPodUpdated(pod, before);
  }

  /** Created, and neither finished nor deleted. */
  function isThere(pod: number): boolean {
    const { deletedUs, finishedUs, createdUs } = trace.pods;
    return createdUs[pod] >= 0 && Number.isNaN(deletedUs[pod]) && Number.isNaN(finishedUs[pod]);
  }

  function update(pod: number, template: number): void {
    if (isThere(pod)) replace(pod, () => pods.become(pod, template));
  }

  function startInitial(pod: number, node: number): void {
    const columns = trace.pods;
    columns.initial[pod] = 1;
    for (const column of [columns.createdUs, columns.scheduledUs, columns.boundUs, columns.startedUs]) {
      column[pod] = 0;
    }
    columns.node[pod] = node;
    columns.devices[pod] = cluster.devicesOf(pod);
    cluster.start(pod, scenario.pods.startedUs?.[pod] ?? 0);
    world.schedule(runTime(pod), Event.podFinished, pod);
  }

  function isDeleted(pod: number): boolean {
    return !Number.isNaN(trace.pods.deletedUs[pod]);
  }

  function isGoing(pod: number): boolean {
    return terminating.has(pod) || isDeleted(pod);
  }

  return {
    startInitial,
    bind: (pod) => world.schedule(world.now + costs.bindUs, Event.podBound, pod),
    remove,
    terminate: (pod) => terminate(pod),
    preempt: (pod) => terminate(pod, [DISRUPTION_TARGET]),
    update,
    isDeleted,
    isGoing,
  };
}
