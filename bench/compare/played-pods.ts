import type { Cluster } from "../../src/cluster/cluster.ts";
import type { PodKind } from "../../src/cluster/pod-kind.ts";
import type { KubernetesObjects } from "../../src/kubernetes/kubernetes-objects.ts";
import { namedPod } from "../../src/kubernetes/named-pod.ts";
import type { PodObject } from "../../src/kubernetes/pod.ts";
import type { Cycle } from "../../src/scheduler/plugin.ts";
import type { Profile } from "../../src/scheduler/profile.ts";
import type { QueuePod } from "../../src/scheduler/queue/queued-pod.ts";
import { membersByKind } from "../../src/scheduler/reads-of.ts";

const DEFAULT_SCHEDULER = "default-scheduler";

type Reserve = (cycle: Cycle, node: number) => KubernetesObjects;

/** What all pods of one template have in common, found once. */
export interface PodRole {
  readonly kind: PodKind;
  /** The place of the profile that schedules them; -1: nobody does. */
  readonly profile: number;
  readonly priority: number;
  readonly reserves: readonly Reserve[];
  /** Where they run without having been scheduled. */
  readonly nodeName: string | undefined;
}

/** A pod of a script as the queue takes it; its row is its place among all pods, and its object is made when a hint reads it. */
export class PlayedPod implements QueuePod {
  readonly key: number;
  readonly uid: number;
  readonly profile: number;
  readonly priority: number;
  readonly kind: PodKind;
  readonly role: PodRole;
  /** Nominations are known by row. */
  readonly nominatedNode = "";
  readonly #nameOf: (row: number) => string;

  constructor(row: number, role: PodRole, nameOf: (row: number) => string) {
    this.key = row;
    this.uid = row;
    this.profile = role.profile;
    this.priority = role.priority;
    this.kind = role.kind;
    this.role = role;
    this.#nameOf = nameOf;
  }

  get object(): PodObject {
    return this.objectOn(undefined);
  }

  /** The pod as the API has it, on a node if one is named. */
  objectOn(nodeName: string | undefined): PodObject {
    return namedPod(this.kind.object, this.#nameOf(this.key), nodeName);
  }
}

/** All pods that were ever created, by row, and the roles of templates. */
export class PlayedPods {
  readonly #cluster: Cluster;
  readonly #profiles: readonly Profile[];
  readonly #reserves: readonly ((kind: PodKind) => readonly Reserve[])[];
  readonly #names: string[] = [];
  readonly #pods: PlayedPod[] = [];
  /** Made when a pod is first asked for by name. */
  #rows: Map<string, number> | undefined;
  readonly #nameOf = (row: number): string => this.#names[row];

  constructor(cluster: Cluster, profiles: readonly Profile[]) {
    this.#cluster = cluster;
    this.#profiles = profiles;
    this.#reserves = profiles.map(({ plugins }) =>
      membersByKind(
        plugins.map(({ plugin }) => plugin),
        "reserve",
      ),
    );
  }

  roleOf(object: PodObject): PodRole {
    const kind = this.#cluster.kind({ name: "", object });
    const wanted = object.spec?.schedulerName || DEFAULT_SCHEDULER;
    const profile = this.#profiles.findIndex(({ name }) => name === wanted);
    const queueSort = this.#profiles[profile]?.plugins.find(({ plugin }) => plugin.queueSort)?.plugin
      .queueSort;
    return {
      kind,
      profile,
      priority: queueSort?.(kind) ?? 0,
      reserves: this.#reserves[profile]?.(kind) ?? [],
      nodeName: object.spec?.nodeName,
    };
  }

  create(role: PodRole, name: string): PlayedPod {
    const pod = new PlayedPod(this.#pods.length, role, this.#nameOf);
    this.#pods.push(pod);
    this.#names.push(name);
    this.#rows?.set(name, pod.key);
    return pod;
  }

  at(row: number): PlayedPod {
    return this.#pods[row];
  }

  nameOf(row: number): string {
    return this.#names[row];
  }

  named(name: string): PlayedPod | undefined {
    this.#rows ??= new Map(this.#names.map((one, row) => [one, row]));
    const row = this.#rows.get(name);
    return row === undefined ? undefined : this.#pods[row];
  }
}
