import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import { namedPod } from "../kubernetes/named-pod.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import type { Profile } from "../scheduler/profile.ts";
import type { QueuePod } from "../scheduler/queue/queued-pod.ts";
import type { TraceBuilder } from "../trace/trace-builder.ts";
import type { Scenario } from "../workload/scenario.ts";

const DEFAULT_SCHEDULER = "default-scheduler";

interface PodTableParts {
  readonly scenario: Scenario;
  readonly cluster: Cluster;
  readonly trace: TraceBuilder;
  readonly profiles: readonly Profile[];
  /** Pods go to the profile of their scheduler name; otherwise the one profile stands for every name. */
  readonly byName: boolean;
}

/** What is known of pods by row: kinds, profiles, and objects where somebody reads them. */
export class PodTable {
  readonly #parts: PodTableParts;
  /** The kind of each template's pods. */
  readonly #kinds: PodKind[];
  /** Kinds of pods that differ from their template: they have claims of their own, or are being deleted. */
  readonly #own = new Map<number, PodKind>();
  readonly #withoutGroup = new WeakMap<PodKind, PodKind>();
  /** By kind. */
  readonly #profile: number[] = [];
  readonly #sorts: readonly ((pod: PodKind) => number)[];

  constructor(parts: PodTableParts) {
    this.#parts = parts;
    this.#kinds = parts.scenario.templates.map((template) => parts.cluster.kind(template));
    this.#sorts = parts.profiles.map(
      ({ plugins }) =>
        plugins.find(({ plugin }) => plugin.queueSort !== undefined)?.plugin.queueSort ?? (() => 0),
    );
  }

  kindOf(pod: number): PodKind {
    const own = this.#own.size === 0 ? undefined : this.#own.get(pod);
    return own ?? this.#kinds[this.#parts.trace.pods.template[pod]];
  }

  kindOfTemplate(template: number): PodKind {
    return this.#kinds[template];
  }

  /** The place of the profile that schedules pods of a kind; -1 when there is none. */
  profileOf(kind: PodKind): number {
    let profile = this.#profile[kind.id];
    if (profile === undefined) {
      profile = this.#findProfile(kind);
      this.#profile[kind.id] = profile;
    }
    return profile;
  }

  /** What filters and scores read of pods of a kind: all groups of equal pods have one in common. */
  withoutGroup(kind: PodKind): PodKind {
    if (kind.spec.schedulingGroup === undefined) return kind;
    let alike = this.#withoutGroup.get(kind);
    if (alike === undefined) {
      const { schedulingGroup: _group, ...spec } = kind.spec;
      const { object, devices } = kind;
      alike = this.#parts.cluster.kind({
        name: "",
        object: { ...object, spec },
        ...(devices && { devices }),
      });
      this.#withoutGroup.set(kind, alike);
    }
    return alike;
  }

  /** What the queue of a profile sorts pods of a kind by. */
  sortKey(profile: number, kind: PodKind): number {
    return this.#sorts[profile](kind);
  }

  /** A pod as the queue takes it; its profile must be known. */
  waiting(pod: number): WaitingPod {
    const kind = this.kindOf(pod);
    const profile = this.profileOf(kind);
    return new WaitingPod(this, pod, kind, profile, this.#sorts[profile](kind));
  }

  /** `namespace/name`. */
  nameOf(pod: number): string {
    const { pods } = this.#parts.scenario;
    // Pods made on the way have no names of their own.
    return pod < pods.count ? pods.nameOf(pod) : `${this.kindOf(pod).namespace}/churn-${pod}`;
  }

  /** The pod as the API has it, on a node if one is named. */
  objectOf(pod: number, nodeName?: string): PodObject {
    return namedPod(this.kindOf(pod).object, this.nameOf(pod), nodeName);
  }

  /** The pod is like its template no longer. */
  differ(pod: number, change: (object: PodObject) => PodObject): PodKind {
    const { devices } = this.kindOf(pod);
    const template = { name: "", object: change(this.objectOf(pod)), ...(devices && { devices }) };
    const kind = this.#parts.cluster.kind(template);
    this.#own.set(pod, kind);
    return kind;
  }

  /** The pod becomes one of another template. */
  become(pod: number, template: number): void {
    this.#own.delete(pod);
    this.#parts.trace.pods.template[pod] = template;
  }

  /** Nobody asks for the pod any more. */
  forget(pod: number): void {
    if (this.#own.size > 0) this.#own.delete(pod);
  }

  #findProfile({ spec }: PodKind): number {
    const { profiles, byName } = this.#parts;
    if (!byName) return 0;
    const place = profiles.findIndex(({ name }) => name === (spec.schedulerName || DEFAULT_SCHEDULER));
    return place === -1 && !spec.schedulerName ? 0 : place;
  }
}

/** A pod in the queue; its object is made when a hint reads it. */
export class WaitingPod implements QueuePod {
  readonly key: number;
  readonly kind: PodKind;
  readonly profile: number;
  readonly priority: number;
  /** Nominations are known by row. */
  readonly nominatedNode = "";
  readonly #pods: PodTable;
  #object: PodObject | undefined;

  constructor(pods: PodTable, pod: number, kind: PodKind, profile: number, priority: number) {
    this.#pods = pods;
    this.key = pod;
    this.kind = kind;
    this.profile = profile;
    this.priority = priority;
  }

  get uid(): number {
    return this.key;
  }

  /** The object as it is now is the pod's for good. */
  keepObject(): void {
    this.#object ??= this.#pods.objectOf(this.key);
  }

  get object(): PodObject {
    this.#object ??= this.#pods.objectOf(this.key);
    return this.#object;
  }
}
