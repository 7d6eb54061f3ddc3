import { Event, type World } from "./world.ts";

export interface PodLifecycle {
  /** A pod that already runs when the simulation begins. */
  readonly startInitial: (pod: number, node: number) => void;
  /** Deletes a pod wherever it is in its life. */
  readonly remove: (pod: number) => void;
}

/**
 * What happens to a pod after the scheduler's decision: bound, started, finished; or deleted before its time. A stand-in
 * for kubelet and API server, with constant latencies, that keeps no more than what placement needs.
 */
export function podLifecycle(
  world: World,
  isLost: (node: number) => boolean,
  wake: () => void,
): PodLifecycle {
  const { cluster, trace, costs, scenario } = world;
  const deleted = new Set<number>();

  world.on(Event.podBound, (pod) => {
    if (deleted.has(pod)) return;
    const node = cluster.nodeOf(pod);
    trace.pods.boundUs[pod] = world.now;
    trace.pods.node[pod] = node;
    trace.pods.devices[pod] = cluster.devicesOf(pod);
    world.clusterChanged("AssignedPodAdd");
    if (!isLost(node)) world.schedule(world.now + costs.startUs, Event.podStarted, pod);
    wake();
  });

  world.on(Event.podStarted, (pod) => {
    if (deleted.has(pod) || isLost(cluster.nodeOf(pod))) return;
    trace.pods.startedUs[pod] = world.now;
    world.schedule(world.now + runTime(pod), Event.podFinished, pod);
  });

  world.on(Event.podFinished, (pod) => {
    // On a lost node nobody reports that it finished.
    if (deleted.has(pod) || isLost(cluster.nodeOf(pod))) return;
    trace.pods.finishedUs[pod] = world.now;
    cluster.release(pod);
    world.clusterChanged("AssignedPodDelete");
    wake();
  });

  function runTime(pod: number): number {
    return pod < scenario.pods.count ? scenario.pods.runUs[pod] : Number.POSITIVE_INFINITY;
  }

  function remove(pod: number): void {
    if (deleted.has(pod) || !Number.isNaN(trace.pods.finishedUs[pod])) return;
    deleted.add(pod);
    trace.pods.deletedUs[pod] = world.now;
    if (cluster.nodeOf(pod) === -1) {
      world.queue.remove(pod);
      return;
    }
    // A pod that was assumed but not yet bound is bound and deleted at once: its row says where it was to go.
    if (trace.pods.node[pod] === -1) {
      trace.pods.boundUs[pod] = world.now;
      trace.pods.node[pod] = cluster.nodeOf(pod);
      trace.pods.devices[pod] = cluster.devicesOf(pod);
    }
    cluster.release(pod);
    world.clusterChanged("AssignedPodDelete");
    wake();
  }

  function startInitial(pod: number, node: number): void {
    const { pods } = trace;
    pods.initial[pod] = 1;
    for (const column of [pods.createdUs, pods.scheduledUs, pods.boundUs, pods.startedUs]) column[pod] = 0;
    pods.node[pod] = node;
    pods.devices[pod] = cluster.devicesOf(pod);
    world.schedule(runTime(pod), Event.podFinished, pod);
  }

  return { startInitial, remove };
}
