import type { Cluster } from "../cluster/cluster.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { ObjectMeta } from "../kubernetes/object-meta.ts";
import { EXTENDERS } from "../scheduler/extender.ts";
import type { Profile } from "../scheduler/profile.ts";
import type { ObjectLookup } from "../scheduler/queue/event-registration.ts";
import type { Gate } from "../scheduler/queue/gate.ts";
import { defaultPreemptionEvents } from "../scheduler/queue/hints/default-preemption.ts";
import { registrationsOf } from "../scheduler/queue/registrations-of.ts";
import { SchedulingQueue } from "../scheduler/queue/scheduling-queue.ts";
import type { PodGroups } from "./pod-groups.ts";
import { type WaitingEntity, WaitingGroup } from "./waiting-group.ts";

/** The queue of one scheduler with its profiles; `admits` is PreEnqueue of DefaultPreemption. */
export function schedulingQueue(
  profiles: readonly Profile[],
  cluster: Cluster,
  groups: PodGroups,
  admits: (pod: number) => boolean,
): SchedulingQueue<WaitingEntity> {
  return new SchedulingQueue<WaitingEntity>({
    profiles: profiles.map(({ plugins, extenders = [] }) => ({
      gates: gatesOf(plugins, cluster, groups, admits),
      registrations: registrationsOf([
        ...plugins.map(({ plugin }) => plugin),
        ...(extenders.length > 0 ? [{ name: EXTENDERS }] : []),
      ]),
    })),
    lookup: lookupIn(cluster),
    // Who is expected where is known by row, apart from the queue.
    isWaiting: () => false,
  });
}

/** A group is held back by what judges placements of groups, a pod by everything else. */
function gatesOf(
  plugins: Profile["plugins"],
  cluster: Cluster,
  groups: PodGroups,
  admits: (pod: number) => boolean,
): Gate<WaitingEntity>[] {
  return plugins.flatMap(({ plugin }): Gate<WaitingEntity>[] => {
    const { name, preEnqueue, placementFeasible } = plugin;
    const ofGroups = placementFeasible !== undefined;
    if (preEnqueue !== undefined) {
      const passes = (entity: WaitingEntity): boolean =>
        entity instanceof WaitingGroup !== ofGroups ||
        preEnqueue(entity.kind, cluster.objects, groups.counts) === undefined;
      return [{ plugin: name, admits: passes }];
    }
    const preempts = name === defaultPreemptionEvents[0].plugin;
    return preempts
      ? [{ plugin: name, admits: (entity) => entity instanceof WaitingGroup || admits(entity.key) }]
      : [];
  });
}

type Named = { readonly metadata?: ObjectMeta };

/** The cluster's objects by key, indexed again when a list was replaced. */
function lookupIn(cluster: Cluster): ObjectLookup {
  const byList = new WeakMap<readonly Named[], ReadonlyMap<string, Named>>();

  function find<T extends Named>(list: readonly T[], key: string): T | undefined {
    let known = byList.get(list) as ReadonlyMap<string, T> | undefined;
    if (known === undefined) {
      known = new Map(list.map((object) => [keyOf(object), object]));
      byList.set(list, known);
    }
    return known.get(key);
  }

  const objects = (): KubernetesObjects => cluster.objects;
  return {
    resourceClaim: (key) => find(objects().resourceClaims, key),
    volumeClaim: (key) => find(objects().persistentVolumeClaims, key),
    deviceClasses: () => objects().deviceClasses,
  };
}

function keyOf({ metadata = {} }: Named): string {
  return `${metadata.namespace || "default"}/${metadata.name}`;
}
