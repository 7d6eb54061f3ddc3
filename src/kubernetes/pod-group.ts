import type { ObjectMeta } from "./object-meta.ts";

/**
 * Pods that are scheduled together (`scheduling.k8s.io/v1beta1`, v1alpha3 before it), reduced to what scheduling reads. A pod
 * belongs to the group of its namespace that `spec.schedulingGroup.podGroupName` names.
 */
export interface PodGroupObject {
  readonly kind: "PodGroup";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: PodGroupSpec;
}

export interface PodGroupSpec {
  /** That of all its pods. */
  readonly priority?: number;
  readonly priorityClassName?: string;
  readonly schedulingPolicy?: PodGroupPolicy;
  readonly schedulingConstraints?: { readonly topology?: readonly { readonly key?: string }[] };
  /** Whether preemption may take single pods of the group, or only all of them. */
  readonly disruptionMode?: PodGroupDisruptionMode;
  readonly parentCompositePodGroupName?: string;
}

/** `basic`: as many as there is room for; `gang`: no fewer than `minCount`. */
export interface PodGroupPolicy {
  readonly basic?: object;
  readonly gang?: { readonly minCount?: number };
}

export interface PodGroupDisruptionMode {
  readonly single?: object;
  readonly all?: object;
}

/** How many of its pods a group needs to be of use. */
export function minCountOf({ spec }: PodGroupObject): number {
  return spec?.schedulingPolicy?.gang?.minCount ?? 1;
}
