import { UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import type { Plugin } from "../scheduler/plugin.ts";
import { defineProfile, type Profile, type ProfilePlugin } from "../scheduler/profile.ts";
import { bestFit } from "./best-fit.ts";
import { defaultPreemption } from "./default-preemption.ts";
import { deviceShare } from "./device-share.ts";
import { dotProduct } from "./dot-product.ts";
import { dynamicResources } from "./dynamic-resources.ts";
import { gpuPacking } from "./gpu-packing.ts";
import { imageLocality } from "./image-locality.ts";
import { interPodAffinity } from "./inter-pod-affinity.ts";
import { noPreference } from "./no-preference.ts";
import { nodeAffinity } from "./node-affinity.ts";
import { nodeDeclaredFeatures } from "./node-declared-features.ts";
import { nodeName } from "./node-name.ts";
import { nodePorts } from "./node-ports.ts";
import { nodeResourcesBalancedAllocation } from "./node-resources-balanced-allocation.ts";
import { nodeResourcesFit, type ScoringStrategy } from "./node-resources-fit.ts";
import { nodeUnschedulable } from "./node-unschedulable.ts";
import { nodeVolumeLimits } from "./node-volume-limits.ts";
import { podTopologySpread } from "./pod-topology-spread.ts";
import { prioritySort } from "./priority-sort.ts";
import { schedulingGates } from "./scheduling-gates.ts";
import { taintToleration } from "./taint-toleration.ts";
import { volumeBinding } from "./volume-binding.ts";
import { volumeRestrictions } from "./volume-restrictions.ts";
import { volumeZone } from "./volume-zone.ts";

/** The default profile of kube-scheduler v1.37.2, with room on devices checked as well. */
function kubernetesPlugins(scoringStrategy?: ScoringStrategy): ProfilePlugin[] {
  return [
    { plugin: schedulingGates },
    { plugin: prioritySort },
    { plugin: nodeName },
    { plugin: nodeUnschedulable },
    { plugin: taintToleration(), weight: 3 },
    { plugin: nodeAffinity(), weight: 2 },
    { plugin: nodePorts },
    { plugin: nodeResourcesFit(scoringStrategy && { scoringStrategy }), weight: 1 },
    { plugin: volumeRestrictions },
    { plugin: nodeVolumeLimits },
    { plugin: volumeBinding(), weight: 1 },
    { plugin: volumeZone },
    { plugin: podTopologySpread(), weight: 2 },
    { plugin: interPodAffinity(), weight: 2 },
    { plugin: dynamicResources(), weight: 2 },
    { plugin: defaultPreemption() },
    { plugin: nodeResourcesBalancedAllocation(), weight: 1 },
    { plugin: imageLocality, weight: 1 },
    { plugin: nodeDeclaredFeatures },
    { plugin: deviceShare },
  ];
}

/** A policy that filters as the default profile does, preempts nobody, looks at all nodes, and ranks them by one score alone. */
function baseline(score: Plugin, rest: Pick<Profile, "name" | "description"> & Partial<Profile>): Profile {
  const filters = kubernetesPlugins().map(({ plugin }) => filterOnly(plugin));
  return defineProfile({
    percentageOfNodesToScore: 100,
    tieBreak: "first",
    ...rest,
    plugins: [...filters, { plugin: score }],
  });
}

function filterOnly({
  score: _score,
  normalizeScore: _normalize,
  postFilter: _postFilter,
  ...plugin
}: Plugin): ProfilePlugin {
  return { plugin };
}

const SHIPPED: readonly Profile[] = [
  defineProfile({
    name: "default",
    description:
      "kube-scheduler's default profile: LeastAllocated, balanced cpu and memory, adaptive sampling",
    plugins: kubernetesPlugins(),
  }),
  defineProfile({
    name: "most-allocated",
    description: "the default profile with NodeResourcesFit scoring MostAllocated: fills nodes up",
    plugins: kubernetesPlugins({ type: "MostAllocated" }),
  }),
  defineProfile({
    name: "requested-to-capacity-ratio",
    description:
      "the default profile with NodeResourcesFit scoring RequestedToCapacityRatio, shape 0:0, 100:10",
    plugins: kubernetesPlugins({
      type: "RequestedToCapacityRatio",
      shape: [
        { utilization: 0, score: 0 },
        { utilization: 100, score: 10 },
      ],
    }),
  }),
  defineProfile({
    name: "default-all-nodes",
    description: "the default profile with percentageOfNodesToScore 100: no sampling",
    plugins: kubernetesPlugins(),
    percentageOfNodesToScore: 100,
  }),
  baseline(noPreference, {
    name: "first-fit",
    description: "the first node in node order with room for the pod",
  }),
  baseline(noPreference, {
    name: "random",
    description: "any node with room for the pod, drawn from the seed",
    tieBreak: "random",
  }),
  baseline(bestFit, {
    name: "best-fit",
    description: "the node with the least room left, over cpu and gpu (or memory where there are no devices)",
  }),
  baseline(dotProduct, {
    name: "dot-product",
    description: "the node whose free resources and the pod's request have the smallest dot product",
  }),
  baseline(gpuPacking, {
    name: "gpu-packing",
    description: "shared devices first, then free devices of nodes in use, then empty nodes",
  }),
];

/** The policies that come with stowage. */
export function shippedProfiles(): readonly Profile[] {
  return SHIPPED;
}

/** @throws UserError with the nearest name when there is no such policy */
export function shippedProfile(name: string): Profile {
  const profile = SHIPPED.find((candidate) => candidate.name === name);
  if (profile === undefined) {
    throw new UserError(
      unknown(
        "policy",
        name,
        SHIPPED.map((candidate) => candidate.name),
      ),
    );
  }
  return profile;
}
