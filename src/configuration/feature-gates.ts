import { type Problem, UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";

/** Feature gates that are set; one that is absent has its default. */
export type FeatureGates = Readonly<Record<string, boolean>>;

const on = { default: true, locked: false };
const locked = { default: true, locked: true };
const off = { default: false, locked: false };

/** The gates of kube-scheduler v1.37.2 that bear on scheduling (upstream: pkg/features/kube_features.go). */
const KNOWN: Readonly<Record<string, { readonly default: boolean; readonly locked: boolean }>> = {
  OpportunisticBatching: on,
  SchedulerAsyncPreemption: on,
  SchedulerPopFromBackoffQ: on,
  NominatedNodeNameForExpectation: on,
  ClearingNominatedNodeNameAfterBinding: on,
  NodeDeclaredFeatures: locked,
  PodLevelResources: on,
  InPlacePodVerticalScaling: locked,
  InPlacePodLevelResourcesVerticalScaling: on,
  MatchLabelKeysInPodTopologySpread: on,
  MatchLabelKeysInPodTopologySpreadSelectorMerge: on,
  MatchLabelKeysInPodAffinity: on,
  NodeInclusionPolicyInPodTopologySpread: on,
  StorageCapacityScoring: on,
  VolumeLimitScaling: on,
  MutableCSINodeAllocatableCount: on,
  VolumeAttributesClass: on,
  ImageVolume: on,
  DynamicResourceAllocation: locked,
  DRAPrioritizedList: locked,
  DRAExtendedResource: locked,
  DRAResourceClaimDeviceStatus: locked,
  DRADeviceTaints: on,
  DRADeviceTaintRules: on,
  DRAAdminAccess: on,
  DRASchedulerFilterTimeout: on,
  DRAPartitionableDevices: on,
  DRAConsumableCapacity: on,
  DRADeviceBindingConditions: on,
  DRAFractionalCapacityRange: on,
  SchedulerAsyncAPICalls: off,
  GenericWorkload: off,
  TopologyAwareWorkloadScheduling: off,
  CompositePodGroup: off,
  PodGroupPreemptionPolicy: off,
  InPlacePodVerticalScalingSchedulerPreemption: off,
  InterPodAffinityHostnameFastPath: off,
  SchedulerPreQueueingHints: off,
  TaintTolerationComparisonOperators: off,
  DRAWorkloadResourceClaims: off,
  DRANodeAllocatableResources: off,
  DRAListTypeAttributes: off,
  DRAOptionalNodeOperations: off,
  DRADerivedAttributes: off,
  DRADeviceCompatibilityGroups: off,
  DRAPartitionableDevicesType: off,
};

/**
 * Whether a gate is on, for any of the gates that are set or have a default.
 * @throws UserError with every gate that is unknown, or locked and set against its default
 */
export function gateLookup(gates: FeatureGates): (gate: string) => boolean {
  const problems: Problem[] = [];
  for (const [gate, value] of Object.entries(gates)) {
    const known = KNOWN[gate];
    if (known === undefined) {
      problems.push({ where: "", what: unknown("feature gate", gate, Object.keys(KNOWN)) });
    } else if (known.locked && value !== known.default) {
      problems.push({
        where: "",
        what: `invalid feature gate: ${gate}=${value}, it is locked to ${known.default}; leave it out`,
      });
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return (gate) => gates[gate] ?? KNOWN[gate].default;
}
