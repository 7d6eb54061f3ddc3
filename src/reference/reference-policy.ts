import { UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import type { NodeAffinity, TopologySpreadConstraint } from "../kubernetes/affinity.ts";
import type { TieBreak } from "../scheduler/profile.ts";

/** A policy by names and numbers only, so that nothing of the fast scheduler's plugins stands behind it. */
export interface ReferencePolicy {
  readonly name: string;
  /** In profile order. */
  readonly plugins: readonly ReferencePluginUse[];
  /** 0: upstream's adaptive share. */
  readonly percentageOfNodesToScore: number;
  readonly tieBreak: TieBreak;
  /** Names of the plugins that run at each point, in order; absent: all plugins at all points that they have, in order. */
  readonly points?: { readonly [point in ReferencePoint]: readonly string[] };
  /** Plugins that run when no node is feasible, of DynamicResources and DefaultPreemption; none when absent. */
  readonly postFilter?: readonly string[];
  /** DefaultPreemption's arguments; upstream's defaults when absent. */
  readonly preemption?: ReferencePreemption;
}

/** The points at which plugins of the reference run. */
export type ReferencePoint = "preEnqueue" | "preFilter" | "filter" | "preScore" | "score";

/** How many candidate nodes are enough. */
export interface ReferencePreemption {
  readonly minCandidateNodesPercentage: number;
  readonly minCandidateNodesAbsolute: number;
}

export interface ReferencePluginUse {
  readonly name: string;
  /** Weight of the plugin's score; 1 when absent. */
  readonly weight?: number;
  /** The plugin filters and does not score. */
  readonly filterOnly?: boolean;
  /** NodeResourcesFit: LeastAllocated over cpu and memory when absent. */
  readonly strategy?: ReferenceStrategy;
  /** NodeResourcesFit: extended resources, and their domains, that the filter does not look at; none when absent. */
  readonly ignoredResources?: readonly string[];
  readonly ignoredResourceGroups?: readonly string[];
  /** NodeResourcesBalancedAllocation: cpu and memory when absent. */
  readonly resources?: readonly string[];
  /** InterPodAffinity: 1 when absent. */
  readonly hardPodAffinityWeight?: number;
  /** InterPodAffinity: false when absent. */
  readonly ignorePreferredTermsOfExistingPods?: boolean;
  /** NodeAffinity: what every pod must and would rather have; nothing when absent. */
  readonly addedAffinity?: NodeAffinity;
  /** PodTopologySpread: constraints of pods without any of their own; the system's when absent. */
  readonly defaultConstraints?: readonly TopologySpreadConstraint[];
  /** VolumeBinding: the emptiest node scores best when absent. */
  readonly shape?: readonly { readonly utilization: number; readonly score: number }[];
  /** TaintToleration and PodTopologySpread: whether `Lt` and `Gt` tolerate; false when absent. */
  readonly comparisonOperators?: boolean;
}

export type ReferenceStrategy =
  | { readonly type: "LeastAllocated" | "MostAllocated"; readonly resources: readonly ReferenceWeight[] }
  | {
      readonly type: "RequestedToCapacityRatio";
      readonly resources: readonly ReferenceWeight[];
      /** Utilization 0..100, score 0..10. */
      readonly shape: readonly { readonly utilization: number; readonly score: number }[];
    };

interface ReferenceWeight {
  readonly name: string;
  readonly weight: number;
}

const CPU_AND_MEMORY: readonly ReferenceWeight[] = [
  { name: "cpu", weight: 1 },
  { name: "memory", weight: 1 },
];

export const LEAST_ALLOCATED: ReferenceStrategy = { type: "LeastAllocated", resources: CPU_AND_MEMORY };

const FILTERS = [
  "SchedulingGates",
  "NodeName",
  "NodeUnschedulable",
  "TaintToleration",
  "NodeAffinity",
  "NodePorts",
  "NodeResourcesFit",
  "VolumeRestrictions",
  "NodeVolumeLimits",
  "VolumeBinding",
  "VolumeZone",
  "PodTopologySpread",
  "InterPodAffinity",
  "DynamicResources",
  "NodeDeclaredFeatures",
  "DeviceShare",
];

function defaultPolicy(name: string, strategy: ReferenceStrategy, percentage = 0): ReferencePolicy {
  return {
    name,
    plugins: [
      { name: "SchedulingGates" },
      { name: "NodeName" },
      { name: "NodeUnschedulable" },
      { name: "TaintToleration", weight: 3 },
      { name: "NodeAffinity", weight: 2 },
      { name: "NodePorts" },
      { name: "NodeResourcesFit", weight: 1, strategy },
      { name: "VolumeRestrictions" },
      { name: "NodeVolumeLimits" },
      { name: "VolumeBinding", weight: 1 },
      { name: "VolumeZone" },
      { name: "PodTopologySpread", weight: 2 },
      { name: "InterPodAffinity", weight: 2 },
      { name: "DynamicResources", weight: 2 },
      { name: "NodeResourcesBalancedAllocation", weight: 1 },
      { name: "ImageLocality", weight: 1 },
      { name: "NodeDeclaredFeatures" },
      { name: "DeviceShare" },
    ],
    percentageOfNodesToScore: percentage,
    tieBreak: "upstream",
  };
}

/** Filters as the default profile does, looks at all nodes, and ranks them by one score. */
function oneScore(name: string, score: string, tieBreak: TieBreak = "first"): ReferencePolicy {
  return {
    name,
    plugins: [...FILTERS.map((filter) => ({ name: filter, filterOnly: true })), { name: score }],
    percentageOfNodesToScore: 100,
    tieBreak,
  };
}

const POLICIES: readonly ReferencePolicy[] = [
  defaultPolicy("default", LEAST_ALLOCATED),
  defaultPolicy("most-allocated", { type: "MostAllocated", resources: CPU_AND_MEMORY }),
  defaultPolicy("requested-to-capacity-ratio", {
    type: "RequestedToCapacityRatio",
    resources: CPU_AND_MEMORY,
    shape: [
      { utilization: 0, score: 0 },
      { utilization: 100, score: 10 },
    ],
  }),
  defaultPolicy("default-all-nodes", LEAST_ALLOCATED, 100),
  oneScore("first-fit", "NoPreference"),
  oneScore("random", "NoPreference", "random"),
  oneScore("best-fit", "BestFit"),
  oneScore("dot-product", "DotProduct"),
  oneScore("gpu-packing", "GpuPacking"),
];

/**
 * The reference's counterpart of a shipped profile.
 * @throws UserError with the nearest name when there is none
 */
export function referencePolicy(name: string): ReferencePolicy {
  const policy = POLICIES.find((candidate) => candidate.name === name);
  if (policy === undefined) {
    throw new UserError(
      unknown(
        "policy",
        name,
        POLICIES.map((candidate) => candidate.name),
      ),
    );
  }
  return policy;
}
