import type { Plugin } from "../scheduler/plugin.ts";
import type { Informers } from "./informers.ts";
import type { WaitingGroup } from "./waiting-group.ts";
import type { World } from "./world.ts";

/** The way into the scheduler's queue and out of it, for pods that are scheduled alone and for those of groups. */
export interface GroupQueue {
  /** A pod was created; returns whether it may be scheduled now. */
  readonly add: (pod: number) => boolean;
  /** A pod that something of its own held back waits with its group from now on. */
  readonly join: (pod: number, group: WaitingGroup) => void;
  /** The pod has finished or was deleted. */
  readonly gone: (pod: number) => void;
}

export function groupQueue(world: World, informers: Informers): GroupQueue {
  const { queue, pods, groups, cluster, profiles } = world;

  function add(pod: number): boolean {
    const group = groups.groupOf(pod);
    group?.all.add(pod);
    const holding = group === undefined ? [] : holdingBack(pod);
    if (group !== undefined && holding.every(({ placementFeasible }) => placementFeasible !== undefined)) {
      join(pod, group);
      return holding.length === 0;
    }
    const queued = queue.add(pods.waiting(pod), world.now);
    if (groups.any) informers.podAdded(pod);
    return queued;
  }

  function join(pod: number, group: WaitingGroup): void {
    group.join(pod, world.now);
    if (group.place === "nowhere") {
      group.place = "queued";
      queue.add(group, world.now);
    }
    informers.podAdded(pod);
  }

  /** The plugins whose PreEnqueue holds the pod back; those that judge placements of groups do so for its whole group. */
  function holdingBack(pod: number): readonly Plugin[] {
    const kind = pods.kindOf(pod);
    return profiles[pods.profileOf(kind)].plugins
      .map(({ plugin }) => plugin)
      .filter(({ preEnqueue }) => preEnqueue?.(kind, cluster.objects, groups.counts) !== undefined);
  }

  function gone(pod: number): void {
    const group = groups.groupOf(pod);
    if (group === undefined) return;
    group.all.delete(pod);
    if (!group.pending.has(pod)) return;
    if (group.place === "queued" && group.pending.size === 1) {
      queue.delete(group);
      group.place = "nowhere";
    }
    group.leave(pod);
  }

  return { add, join, gone };
}
