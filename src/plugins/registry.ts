import type { Plugin } from "../scheduler/plugin.ts";
import { type DefaultPreemptionArgs, defaultPreemption } from "./default-preemption.ts";
import { dynamicResources } from "./dynamic-resources.ts";
import { gangScheduling } from "./gang-scheduling.ts";
import { imageLocality } from "./image-locality.ts";
import { type InterPodAffinityArgs, interPodAffinity } from "./inter-pod-affinity.ts";
import { type NodeAffinityArgs, nodeAffinity } from "./node-affinity.ts";
import { nodeDeclaredFeatures } from "./node-declared-features.ts";
import { nodeName } from "./node-name.ts";
import { nodePorts } from "./node-ports.ts";
import {
  type NodeResourcesBalancedAllocationArgs,
  nodeResourcesBalancedAllocation,
} from "./node-resources-balanced-allocation.ts";
import { type NodeResourcesFitArgs, nodeResourcesFit } from "./node-resources-fit.ts";
import { nodeUnschedulable } from "./node-unschedulable.ts";
import { nodeVolumeLimits } from "./node-volume-limits.ts";
import { type PodTopologySpreadArgs, podTopologySpread } from "./pod-topology-spread.ts";
import { prioritySort } from "./priority-sort.ts";
import { schedulingGates } from "./scheduling-gates.ts";
import { taintToleration } from "./taint-toleration.ts";
import { type VolumeBindingArgs, volumeBinding } from "./volume-binding.ts";
import { volumeRestrictions } from "./volume-restrictions.ts";
import { volumeZone } from "./volume-zone.ts";

/** The points of a profile at which plugins run, as kube-scheduler's configuration names them. */
export const extensionPoints = [
  "preEnqueue",
  "queueSort",
  "preFilter",
  "filter",
  "postFilter",
  "preScore",
  "score",
  "reserve",
  "permit",
  "preBind",
  "bind",
  "postBind",
  "placementGenerate",
  "placementScore",
  "podGroupPostFilter",
] as const;
export type ExtensionPoint = (typeof extensionPoints)[number];

/** The args of each plugin that has some, by its name; what is absent has its default. */
export interface PluginArgs {
  readonly DefaultPreemption?: Required<DefaultPreemptionArgs>;
  readonly DynamicResources?: {
    readonly filterTimeoutSeconds: number;
    readonly bindingTimeoutSeconds: number;
  };
  readonly InterPodAffinity?: InterPodAffinityArgs;
  readonly NodeAffinity?: NodeAffinityArgs;
  readonly NodeResourcesBalancedAllocation?: NodeResourcesBalancedAllocationArgs;
  readonly NodeResourcesFit?: NodeResourcesFitArgs;
  readonly PodTopologySpread?: PodTopologySpreadArgs;
  readonly VolumeBinding?: VolumeBindingArgs & { readonly bindTimeoutSeconds: number };
}

/** A plugin by its name: where it runs, what it weighs by default, and how to make it. */
export interface RegisteredPlugin {
  readonly points: readonly ExtensionPoint[];
  /** Its weight in the default profile; 1 when absent. */
  readonly weight?: number;
  /** The feature gate, off by default, with which it is part of the default profile. */
  readonly gate?: string;
  /** Absent: upstream has the plugin, and nothing here does its work as a plugin. */
  readonly make?: (args: PluginArgs, isEnabled: (gate: string) => boolean) => Plugin;
}

const FILTER: readonly ExtensionPoint[] = ["preFilter", "filter"];
const FILTER_AND_SCORE: readonly ExtensionPoint[] = [...FILTER, "preScore", "score"];

/**
 * The plugins of kube-scheduler v1.37.2 in the order of its default profile, where all stand at multiPoint
 * (upstream: pkg/scheduler/apis/config/v1/default_plugins.go), then those that gates add.
 */
const REGISTERED: readonly (readonly [string, RegisteredPlugin])[] = [
  ["SchedulingGates", { points: ["preEnqueue"], make: () => schedulingGates }],
  ["PrioritySort", { points: ["queueSort"], make: () => prioritySort }],
  ["NodeName", { points: FILTER, make: () => nodeName }],
  ["NodeUnschedulable", { points: FILTER, make: () => nodeUnschedulable }],
  [
    "TaintToleration",
    {
      points: FILTER_AND_SCORE,
      weight: 3,
      make: (_, isEnabled) =>
        taintToleration({ comparisonOperators: isEnabled("TaintTolerationComparisonOperators") }),
    },
  ],
  ["NodeAffinity", { points: FILTER_AND_SCORE, weight: 2, make: (args) => nodeAffinity(args.NodeAffinity) }],
  ["NodePorts", { points: FILTER, make: () => nodePorts }],
  [
    "NodeResourcesFit",
    {
      points: [...FILTER_AND_SCORE, "placementScore"],
      weight: 1,
      make: (args) => nodeResourcesFit(args.NodeResourcesFit),
    },
  ],
  ["VolumeRestrictions", { points: FILTER, make: () => volumeRestrictions }],
  ["NodeVolumeLimits", { points: FILTER, make: () => nodeVolumeLimits }],
  [
    "VolumeBinding",
    {
      points: [...FILTER_AND_SCORE, "reserve", "preBind"],
      make: (args) => volumeBinding(args.VolumeBinding),
    },
  ],
  ["VolumeZone", { points: FILTER, make: () => volumeZone }],
  [
    "PodTopologySpread",
    {
      points: FILTER_AND_SCORE,
      weight: 2,
      make: ({ PodTopologySpread }, isEnabled) =>
        podTopologySpread(PodTopologySpread, {
          comparisonOperators: isEnabled("TaintTolerationComparisonOperators"),
        }),
    },
  ],
  [
    "InterPodAffinity",
    { points: FILTER_AND_SCORE, weight: 2, make: (args) => interPodAffinity(args.InterPodAffinity) },
  ],
  [
    "DynamicResources",
    {
      points: ["preEnqueue", ...FILTER, "postFilter", "score", "reserve", "preBind"],
      weight: 2,
      make: () => dynamicResources(),
    },
  ],
  [
    "DefaultPreemption",
    {
      points: ["postFilter", "preEnqueue"],
      make: (args) => defaultPreemption(args.DefaultPreemption),
    },
  ],
  [
    "NodeResourcesBalancedAllocation",
    {
      points: ["preScore", "score"],
      weight: 1,
      make: (args) => nodeResourcesBalancedAllocation(args.NodeResourcesBalancedAllocation),
    },
  ],
  ["ImageLocality", { points: ["score"], weight: 1, make: () => imageLocality }],
  ["DefaultBinder", { points: ["bind"] }],
  ["NodeDeclaredFeatures", { points: FILTER, make: () => nodeDeclaredFeatures }],
  ["DeferredPodScheduling", { points: FILTER, gate: "InPlacePodVerticalScalingSchedulerPreemption" }],
  [
    "GangScheduling",
    { points: ["preEnqueue", "reserve", "permit"], gate: "GenericWorkload", make: () => gangScheduling },
  ],
  ["TopologyPlacementGenerator", { points: ["placementGenerate"], gate: "TopologyAwareWorkloadScheduling" }],
  ["PodGroupPodsCount", { points: ["placementScore"], weight: 1, gate: "TopologyAwareWorkloadScheduling" }],
];

/** Every plugin that a configuration may name, in the order of the default profile. */
export const registry: ReadonlyMap<string, RegisteredPlugin> = new Map(REGISTERED);
