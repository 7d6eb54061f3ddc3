import { UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import { referenceDeviceShare } from "./device-share.ts";
import { referenceDynamicResources } from "./dynamic-resources.ts";
import { referenceGpuPacking } from "./gpu-packing.ts";
import { ignoringResources } from "./ignored-resources.ts";
import { referenceImageLocality } from "./image-locality.ts";
import { referenceInterPodAffinity } from "./inter-pod-affinity.ts";
import { referenceNodeAffinity } from "./node-affinity.ts";
import { referenceNodeDeclaredFeatures } from "./node-declared-features.ts";
import { referenceNodeName } from "./node-name.ts";
import { referenceNodePorts } from "./node-ports.ts";
import { referenceNodeResourcesBalancedAllocation } from "./node-resources-balanced-allocation.ts";
import { referenceNodeResourcesFit } from "./node-resources-fit.ts";
import { referenceNodeUnschedulable } from "./node-unschedulable.ts";
import { referenceNodeVolumeLimits } from "./node-volume-limits.ts";
import { referenceBestFit, referenceDotProduct } from "./packing.ts";
import { referencePodTopologySpread } from "./pod-topology-spread.ts";
import type { ReferencePlugin } from "./reference-plugin.ts";
import {
  LEAST_ALLOCATED,
  type ReferencePluginUse,
  type ReferencePoint,
  type ReferencePolicy,
} from "./reference-policy.ts";
import { referenceSchedulingGates } from "./scheduling-gates.ts";
import { referenceTaintToleration } from "./taint-toleration.ts";
import { referenceVolumeBinding } from "./volume-binding.ts";
import { referenceVolumeRestrictions } from "./volume-restrictions.ts";
import { referenceVolumeZone } from "./volume-zone.ts";

/** A plugin as a policy uses it. */
export interface UsedPlugin {
  readonly name: string;
  readonly weight: bigint;
  readonly plugin: ReferencePlugin;
}

/** The plugins of a policy, in its order, and those that run at each point, in the order of the point. */
export type UsedPlugins = { readonly [point in ReferencePoint | "all"]: readonly UsedPlugin[] } & {
  /** Names of plugins at Score that are not at PreScore. */
  readonly unprepared: readonly string[];
};

const PLUGINS: Readonly<Record<string, (use: ReferencePluginUse) => ReferencePlugin>> = {
  BestFit: () => referenceBestFit,
  DeviceShare: () => referenceDeviceShare,
  DotProduct: () => referenceDotProduct,
  DynamicResources: () => referenceDynamicResources,
  GpuPacking: () => referenceGpuPacking,
  ImageLocality: () => referenceImageLocality,
  InterPodAffinity: referenceInterPodAffinity,
  NoPreference: () => ({ score: () => 0n }),
  NodeAffinity: referenceNodeAffinity,
  NodeDeclaredFeatures: () => referenceNodeDeclaredFeatures,
  NodeName: () => referenceNodeName,
  NodePorts: () => referenceNodePorts,
  NodeResourcesBalancedAllocation: ({ resources = ["cpu", "memory"] }) =>
    referenceNodeResourcesBalancedAllocation(resources),
  NodeResourcesFit: ({ strategy = LEAST_ALLOCATED, ignoredResources = [], ignoredResourceGroups = [] }) =>
    ignoringResources(referenceNodeResourcesFit(strategy), ignoredResources, ignoredResourceGroups),
  NodeUnschedulable: () => referenceNodeUnschedulable,
  NodeVolumeLimits: () => referenceNodeVolumeLimits,
  PodTopologySpread: referencePodTopologySpread,
  SchedulingGates: () => referenceSchedulingGates,
  TaintToleration: referenceTaintToleration,
  VolumeBinding: referenceVolumeBinding,
  VolumeRestrictions: () => referenceVolumeRestrictions,
  VolumeZone: () => referenceVolumeZone,
};

/** Plugins that the reference has. @internal */
export const referencePluginNames: readonly string[] = Object.keys(PLUGINS);

/** The plugins of a policy. */
export function pluginsOf(policy: ReferencePolicy): UsedPlugins {
  const all = policy.plugins.map((use): UsedPlugin => {
    const make = PLUGINS[use.name];
    if (make === undefined) throw new UserError(unknown("plugin", use.name, referencePluginNames));
    return { name: use.name, weight: BigInt(use.weight ?? 1), plugin: make(use) };
  });
  const filterOnly = policy.plugins.filter((use) => use.filterOnly === true).map(({ name }) => name);
  const at = (point: ReferencePoint): readonly UsedPlugin[] => {
    const listed = policy.points?.[point];
    if (listed !== undefined)
      return listed.flatMap((name) => all.filter((used) => used.name === name && used.plugin[point]));
    const scoring = point === "preScore" || point === "score";
    return all.filter(({ name, plugin }) => plugin[point] && !(scoring && filterOnly.includes(name)));
  };
  const { score = [], preScore = [] } = policy.points ?? {};
  return {
    all,
    unprepared: score.filter((name) => !preScore.includes(name)),
    preEnqueue: at("preEnqueue"),
    preFilter: at("preFilter"),
    filter: at("filter"),
    preScore: at("preScore"),
    score: at("score"),
  };
}
