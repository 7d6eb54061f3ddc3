import type { LabelSelector } from "./label-selector.ts";
import type { NodeSelector, PreferredSchedulingTerm } from "./node-selector.ts";

export interface Affinity {
  readonly nodeAffinity?: NodeAffinity;
  readonly podAffinity?: PodAffinity;
  readonly podAntiAffinity?: PodAffinity;
}

export interface NodeAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly PreferredSchedulingTerm[];
}

/** Affinity and anti-affinity between pods have the same shape. */
export interface PodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[];
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly WeightedPodAffinityTerm[];
}

export interface WeightedPodAffinityTerm {
  readonly weight?: number;
  readonly podAffinityTerm?: PodAffinityTerm;
}

export interface PodAffinityTerm {
  readonly topologyKey?: string;
  readonly labelSelector?: LabelSelector;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

export const unsatisfiableActions = ["DoNotSchedule", "ScheduleAnyway"] as const;
export type UnsatisfiableAction = (typeof unsatisfiableActions)[number];

export const nodeInclusionPolicies = ["Honor", "Ignore"] as const;
export type NodeInclusionPolicy = (typeof nodeInclusionPolicies)[number];

export interface TopologySpreadConstraint {
  readonly maxSkew?: number;
  readonly topologyKey?: string;
  readonly whenUnsatisfiable?: UnsatisfiableAction;
  readonly labelSelector?: LabelSelector;
  readonly minDomains?: number;
  /** `Honor` when absent. */
  readonly nodeAffinityPolicy?: NodeInclusionPolicy;
  /** `Ignore` when absent. */
  readonly nodeTaintsPolicy?: NodeInclusionPolicy;
  readonly matchLabelKeys?: readonly string[];
}
