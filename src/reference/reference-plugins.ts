import { UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import { referenceDeviceShare } from "./device-share.ts";
import { referenceGpuPacking } from "./gpu-packing.ts";
import { referenceImageLocality } from "./image-locality.ts";
import { referenceInterPodAffinity } from "./inter-pod-affinity.ts";
import { referenceNodeAffinity } from "./node-affinity.ts";
import { referenceNodeName } from "./node-name.ts";
import { referenceNodePorts } from "./node-ports.ts";
import { referenceNodeResourcesBalancedAllocation } from "./node-resources-balanced-allocation.ts";
import { referenceNodeResourcesFit } from "./node-resources-fit.ts";
import { referenceNodeUnschedulable } from "./node-unschedulable.ts";
import { referenceBestFit, referenceDotProduct } from "./packing.ts";
import type { ReferencePlugin } from "./reference-plugin.ts";
import { LEAST_ALLOCATED, type ReferencePluginUse, type ReferencePolicy } from "./reference-policy.ts";
import { referenceSchedulingGates } from "./scheduling-gates.ts";
import { referenceTaintToleration } from "./taint-toleration.ts";

/** A plugin as a policy uses it. */
export interface UsedPlugin {
  readonly name: string;
  readonly weight: bigint;
  readonly plugin: ReferencePlugin;
}

const PLUGINS: Readonly<Record<string, (use: ReferencePluginUse) => ReferencePlugin>> = {
  BestFit: () => referenceBestFit,
  DeviceShare: () => referenceDeviceShare,
  DotProduct: () => referenceDotProduct,
  GpuPacking: () => referenceGpuPacking,
  ImageLocality: () => referenceImageLocality,
  InterPodAffinity: referenceInterPodAffinity,
  NoPreference: () => ({ score: () => 0n }),
  NodeAffinity: () => referenceNodeAffinity,
  NodeName: () => referenceNodeName,
  NodePorts: () => referenceNodePorts,
  NodeResourcesBalancedAllocation: ({ resources = ["cpu", "memory"] }) =>
    referenceNodeResourcesBalancedAllocation(resources),
  NodeResourcesFit: ({ strategy = LEAST_ALLOCATED }) => referenceNodeResourcesFit(strategy),
  NodeUnschedulable: () => referenceNodeUnschedulable,
  SchedulingGates: () => referenceSchedulingGates,
  TaintToleration: () => referenceTaintToleration,
};

/** The plugins of a policy, in its order. */
export function pluginsOf(policy: ReferencePolicy): UsedPlugin[] {
  return policy.plugins.map((use) => {
    const make = PLUGINS[use.name];
    if (make === undefined) throw new UserError(unknown("plugin", use.name, Object.keys(PLUGINS)));
    const { score, normalizeScore, preScore, ...filters } = make(use);
    const scores = use.filterOnly !== true && score !== undefined;
    const plugin: ReferencePlugin = scores
      ? { ...filters, score, ...(preScore && { preScore }), ...(normalizeScore && { normalizeScore }) }
      : filters;
    return { name: use.name, weight: BigInt(use.weight ?? 1), plugin };
  });
}
