import type { Cluster } from "../cluster/cluster.ts";
import type { PodGroupObject } from "../kubernetes/pod-group.ts";
import { type PodGroupLookup, podGroupOf } from "../scheduler/pod-groups.ts";
import type { Profile } from "../scheduler/profile.ts";
import type { PodTable } from "./pod-table.ts";
import { WaitingGroup } from "./waiting-group.ts";

/** The groups of pods, as far as some profile schedules pods as groups; otherwise there are none. */
export class PodGroups {
  /** Whether any profile does. */
  readonly any: boolean;
  readonly #cluster: Cluster;
  readonly #pods: PodTable;
  readonly #grouping: readonly boolean[];
  readonly #groups = new Map<string, WaitingGroup>();
  /** As of an end of the cluster's change log. */
  readonly #scheduled = new WeakMap<WaitingGroup, { readonly end: number; readonly scheduled: number }>();

  constructor(cluster: Cluster, pods: PodTable, profiles: readonly Profile[]) {
    this.#cluster = cluster;
    this.#pods = pods;
    this.#grouping = profiles.map(({ plugins }) =>
      plugins.some(({ plugin }) => plugin.placementFeasible !== undefined),
    );
    this.any = this.#grouping.includes(true);
  }

  /** The group that a pod belongs to, whether its object is there or not; undefined for a pod that is scheduled alone. */
  groupOf(pod: number): WaitingGroup | undefined {
    if (!this.any) return undefined;
    const kind = this.#pods.kindOf(pod);
    const name = kind.spec.schedulingGroup?.podGroupName;
    if (name === undefined || this.#grouping[this.#pods.profileOf(kind)] !== true) return undefined;
    const key = `${kind.namespace}/${name}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = new WaitingGroup(this.#pods, kind.namespace, name, (one) => this.#priorityOf(one));
      this.#groups.set(key, group);
    }
    return group;
  }

  objectOf({ namespace, name }: WaitingGroup): PodGroupObject | undefined {
    return podGroupOf(this.#cluster.objects, namespace, name);
  }

  /** How many pods of a group are assumed or bound. */
  scheduled(group: WaitingGroup): number {
    // Every pod that gets or loses a place leaves an entry; pods that come and go besides have none.
    const { end } = this.#cluster.changes;
    let known = this.#scheduled.get(group);
    if (known?.end !== end) {
      let scheduled = 0;
      for (const pod of group.all) if (this.#cluster.nodeOf(pod) !== -1) scheduled++;
      known = { end, scheduled };
      this.#scheduled.set(group, known);
    }
    return known.scheduled;
  }

  readonly counts: PodGroupLookup = (namespace, name) => {
    const group = this.#groups.get(`${namespace}/${name}`);
    if (group === undefined) return { all: 0, scheduled: 0 };
    // Only some readers need what takes a walk over the pods.
    const scheduled = (): number => this.scheduled(group);
    return {
      all: group.all.size,
      get scheduled() {
        return scheduled();
      },
    };
  };

  #priorityOf(group: WaitingGroup): number | undefined {
    const object = this.objectOf(group);
    if (object === undefined) return undefined;
    return this.#pods.sortKey(group.profile, { ...group.kind, priority: object.spec?.priority ?? 0 });
  }
}
