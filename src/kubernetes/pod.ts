import type { Affinity, TopologySpreadConstraint } from "./affinity.ts";
import type { Container, EphemeralContainer } from "./container.ts";
import type { ObjectMeta, ResourceAmounts, StringRecord } from "./object-meta.ts";
import type { Toleration } from "./toleration.ts";
import type { Volume } from "./volume.ts";

/** A Pod as the API holds it, reduced to what scheduling and the control plane read. */
export interface PodObject {
  readonly kind: "Pod";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: PodSpec;
  readonly status?: PodStatus;
}

export interface PodSpec {
  readonly nodeName?: string;
  readonly schedulerName?: string;
  readonly priority?: number;
  readonly priorityClassName?: string;
  readonly preemptionPolicy?: PreemptionPolicy;
  readonly schedulingGates?: readonly { readonly name?: string }[];
  readonly schedulingGroup?: { readonly podGroupName?: string };
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly ephemeralContainers?: readonly EphemeralContainer[];
  readonly overhead?: ResourceAmounts;
  /** Pod-level requests: cpu, memory and huge pages replace the sum of the containers. */
  readonly resources?: { readonly requests?: ResourceAmounts; readonly limits?: ResourceAmounts };
  readonly nodeSelector?: StringRecord;
  readonly affinity?: Affinity;
  readonly tolerations?: readonly Toleration[];
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[];
  /** Only the volumes that scheduling reads; configuration, secrets, scratch space and the like are left out. */
  readonly volumes?: readonly Volume[];
  readonly resourceClaims?: readonly PodResourceClaim[];
  readonly hostNetwork?: boolean;
  readonly hostUsers?: boolean;
  readonly restartPolicy?: PodRestartPolicy;
  readonly terminationGracePeriodSeconds?: number;
}

export const preemptionPolicies = ["PreemptLowerPriority", "Never"] as const;
export type PreemptionPolicy = (typeof preemptionPolicies)[number];

export const podRestartPolicies = ["Always", "OnFailure", "Never"] as const;
export type PodRestartPolicy = (typeof podRestartPolicies)[number];

/** A claim by name, or a template from which one is made for this pod. */
export interface PodResourceClaim {
  readonly name?: string;
  readonly resourceClaimName?: string;
  readonly resourceClaimTemplateName?: string;
}

export const podPhases = ["Pending", "Running", "Succeeded", "Failed", "Unknown"] as const;
export type PodPhase = (typeof podPhases)[number];

export interface PodStatus {
  readonly phase?: PodPhase | "";
  readonly nominatedNodeName?: string;
  /** RFC 3339. */
  readonly startTime?: string;
  readonly conditions?: readonly PodCondition[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  /** Pod-level amounts of a pod that was resized in place. */
  readonly allocatedResources?: ResourceAmounts;
  readonly resources?: { readonly requests?: ResourceAmounts };
  readonly resourceClaimStatuses?: readonly PodResourceClaimStatus[];
  readonly extendedResourceClaimStatus?: { readonly resourceClaimName?: string };
}

export interface PodCondition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
}

/** What the node reports of a container's resources; it differs from the spec during a resize. */
export interface ContainerStatus {
  readonly name?: string;
  readonly allocatedResources?: ResourceAmounts;
  readonly resources?: { readonly requests?: ResourceAmounts };
}

export interface PodResourceClaimStatus {
  readonly name?: string;
  readonly resourceClaimName?: string;
}
