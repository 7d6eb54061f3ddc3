import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { PodGroupObject } from "../kubernetes/pod-group.ts";
import type { Status } from "./status.ts";

/** How many pods a group has now, whoever they are (upstream: framework.PodGroupState). */
export interface PodGroupCounts {
  /** All of them, but for those that have finished or gone. */
  readonly all: number;
  /** Those assumed or bound. */
  readonly scheduled: number;
}

/** The pods of a group, by its namespace and name; none where nobody knows of such pods. */
export type PodGroupLookup = (namespace: string, name: string) => PodGroupCounts;

/** How far an attempt to place a group has come, pod by pod (upstream: framework.PlacementProgress). */
export interface PlacementProgress {
  /** Pods placed before and in this attempt. */
  readonly scheduled: number;
  /** Pods still to be tried. */
  readonly remaining: number;
}

/** Whether a group can be placed: undefined when what it has suffices, `wait` when it may do so yet, or why it never will. */
export type Feasibility = { readonly wait: string } | { readonly rejected: Status } | undefined;

/** What Permit says of a pod that was just assumed: bind it, wait for so many microseconds at most, or give it back. */
export type Permission = "allow" | { readonly wait: number } | { readonly rejected: Status };

const known = new WeakMap<readonly PodGroupObject[], ReadonlyMap<string, PodGroupObject>>();

/** The group of that name in a namespace, if there is one. */
export function podGroupOf(
  { podGroups }: Pick<KubernetesObjects, "podGroups">,
  namespace: string,
  name: string,
): PodGroupObject | undefined {
  let byKey = known.get(podGroups);
  if (byKey === undefined) {
    byKey = new Map(podGroups.map((group) => [keyOf(group), group]));
    known.set(podGroups, byKey);
  }
  return byKey.get(`${namespace}/${name}`);
}

function keyOf({ metadata = {} }: PodGroupObject): string {
  return `${metadata.namespace || "default"}/${metadata.name}`;
}
