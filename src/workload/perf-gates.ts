import type { PerfCase, PerfWorkload } from "./perf-schema.ts";
import { Unsupported } from "./perf-unsupported.ts";

/** Gates that are on in v1.37.2. Source: pkg/features/kube_features.go. */
const onByDefault = new Set([
  "OpportunisticBatching",
  "SchedulerAsyncPreemption",
  "SchedulerPopFromBackoffQ",
  "NominatedNodeNameForExpectation",
  "ClearingNominatedNodeNameAfterBinding",
  "NodeDeclaredFeatures",
  "PodLevelResources",
  "InPlacePodVerticalScaling",
  "InPlacePodLevelResourcesVerticalScaling",
  "MatchLabelKeysInPodTopologySpread",
  "MatchLabelKeysInPodTopologySpreadSelectorMerge",
  "MatchLabelKeysInPodAffinity",
  "NodeInclusionPolicyInPodTopologySpread",
  "StorageCapacityScoring",
  "VolumeLimitScaling",
  "MutableCSINodeAllocatableCount",
  "VolumeAttributesClass",
  "ImageVolume",
  "DynamicResourceAllocation",
  "DRAPrioritizedList",
  "DRAExtendedResource",
  "DRAResourceClaimDeviceStatus",
  "DRADeviceTaints",
  "DRADeviceTaintRules",
  "DRAAdminAccess",
  "DRASchedulerFilterTimeout",
  "DRAPartitionableDevices",
  "DRAConsumableCapacity",
  "DRADeviceBindingConditions",
  "DRAFractionalCapacityRange",
]);

/** Gates that are off in v1.37.2, and what they bring that is not modelled. */
const offByDefault: Readonly<Record<string, string>> = {
  GenericWorkload: "beta, off by default: pods that are scheduled as a group",
  TopologyAwareWorkloadScheduling: "alpha, off by default: groups of pods placed by topology",
  CompositePodGroup: "alpha, off by default: groups of groups of pods",
  PodGroupPreemptionPolicy: "alpha, off by default: preemption policies of groups",
  InPlacePodVerticalScalingSchedulerPreemption: "alpha, off by default: preemption for pods that are resized",
  InterPodAffinityHostnameFastPath: "alpha, off by default: another way to count affinity by host name",
  SchedulerPreQueueingHints: "alpha, off by default: queueing hints that look at an event once for all pods",
  TaintTolerationComparisonOperators: "alpha, off by default: tolerations that compare numbers",
  DRAWorkloadResourceClaims: "beta, off by default: resource claims that a group of pods shares",
  DRANodeAllocatableResources: "alpha, off by default: devices that use up what a node offers",
  DRAListTypeAttributes: "alpha, off by default: attributes of devices with several values",
  DRAOptionalNodeOperations: "alpha, off by default: devices without preparation on the node",
  DRADerivedAttributes: "alpha, off by default: attributes of devices computed from others",
  DRADeviceCompatibilityGroups: "alpha, off by default: devices that are allocated together only",
  DRAPartitionableDevicesType: "alpha, off by default: counters of another type",
};

/** Settings against the default that change how upstream does things and not where pods go. */
const neutral: Readonly<Record<string, boolean>> = {
  SchedulerAsyncAPICalls: true,
  SchedulerAsyncPreemption: false,
  NodeDeclaredFeatures: false,
};

/** Gates that are set, and what becomes of them. */
export interface PerfGates {
  /** What differs from the defaults and bears on the scheduler that runs the workload. */
  readonly differing: Readonly<Record<string, boolean>>;
  readonly notes: readonly string[];
}

/** What a workload does with groups of pods. */
export interface PerfGroups {
  /** A pod is a member of one; without members GenericWorkload changes nothing. */
  readonly members: boolean;
  /** What of them is not modelled. */
  readonly problem: string | undefined;
}

/** @throws Unsupported when a gate changes decisions in a way that is not modelled. */
export function perfGates(testCase: PerfCase, workload: PerfWorkload, groups: PerfGroups): PerfGates {
  const gates = Object.entries({ ...testCase.featureGates, ...workload.featureGates });
  const differing: Record<string, boolean> = {};
  const harmless: string[] = [];
  for (const [gate, on] of gates) {
    if (onByDefault.has(gate) === on && (on || gate in offByDefault || gate in neutral))
      harmless.push(`${gate}=${on}`);
    else if (neutral[gate] === on) {
      harmless.push(`${gate}=${on}`);
      // This one is locked: upstream runs such a workload as an earlier version.
      if (gate !== "NodeDeclaredFeatures") differing[gate] = on;
    } else if (gate === "OpportunisticBatching") differing[gate] = on;
    else if (gate === "GenericWorkload" && on) {
      if (!groups.members) harmless.push(`${gate}=${on}`);
      else if (groups.problem === undefined) differing[gate] = on;
      else throw new Unsupported(`${groups.problem} (feature gate ${gate}=${on})`);
    } else {
      const brings = offByDefault[gate];
      throw new Unsupported(`feature gate ${gate}=${on}${brings === undefined ? "" : ` (${brings})`}`);
    }
  }
  const switched = Object.entries(differing).filter(([gate]) => neutral[gate] === undefined);
  return {
    differing,
    notes: [
      ...(harmless.length === 0
        ? []
        : [`Feature gates without effect on where these pods go: ${harmless.join(", ")}.`]),
      ...switched.map(([gate, on]) => `Upstream runs it with the feature gate ${gate}=${on}.`),
    ],
  };
}
