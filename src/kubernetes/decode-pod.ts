import {
  type Affinity,
  type NodeAffinity,
  nodeInclusionPolicies,
  type PodAffinity,
  type PodAffinityTerm,
  type TopologySpreadConstraint,
  unsatisfiableActions,
  type WeightedPodAffinityTerm,
} from "./affinity.ts";
import type {
  Container,
  ContainerPort,
  ContainerResources,
  EphemeralContainer,
  VolumeMount,
} from "./container.ts";
import { decodeMeta, decodeStringRecord } from "./decode-meta.ts";
import {
  decodeAmounts,
  decodeLabelSelector,
  decodeNodeSelector,
  decodeNodeSelectorTerm,
  decodeStrings,
  decodeToleration,
} from "./decode-selectors.ts";
import { decodeVolumes } from "./decode-volume.ts";
import {
  boolean,
  type Decoder,
  integer,
  isRecord,
  listOf,
  objectOf,
  oneOf,
  ownString,
  shared,
  sharedString,
} from "./decoder.ts";
import type { PreferredSchedulingTerm } from "./node-selector.ts";
import {
  type ContainerStatus,
  type PodCondition,
  type PodObject,
  type PodResourceClaim,
  type PodResourceClaimStatus,
  type PodSpec,
  type PodStatus,
  podPhases,
  podRestartPolicies,
  preemptionPolicies,
} from "./pod.ts";

const decodeVolumeMount = objectOf<VolumeMount>({ bindMountOptions: decodeStrings });

const decodeVolumeMounts: Decoder<readonly VolumeMount[]> = (value, decoding) => {
  const mounts = Array.isArray(value)
    ? value.filter((mount: unknown) => isRecord(mount) && mount["bindMountOptions"] !== undefined)
    : value;
  if (Array.isArray(mounts) && mounts.length === 0) return undefined;
  return listOf(decodeVolumeMount)(mounts, decoding);
};

const decodeContainerPort = objectOf<ContainerPort>({
  containerPort: integer,
  hostPort: integer,
  hostIP: sharedString,
  protocol: sharedString,
});

const decodeContainerResources = objectOf<ContainerResources>({
  requests: decodeAmounts,
  limits: decodeAmounts,
  claims: listOf(
    objectOf<{ name?: string; request?: string }>({ name: sharedString, request: sharedString }),
  ),
});

const decodeContainer = objectOf<Container>({
  name: sharedString,
  image: sharedString,
  restartPolicy: sharedString,
  restartPolicyRules: listOf(objectOf<{ action?: string }>({ action: sharedString })),
  resources: decodeContainerResources,
  ports: listOf(decodeContainerPort),
  volumeMounts: decodeVolumeMounts,
});

const decodePodAffinityTerm = objectOf<PodAffinityTerm>(
  {
    topologyKey: sharedString,
    labelSelector: decodeLabelSelector,
    namespaces: decodeStrings,
    namespaceSelector: decodeLabelSelector,
    matchLabelKeys: decodeStrings,
    mismatchLabelKeys: decodeStrings,
  },
  ["topologyKey"],
);

const decodePodAffinity = objectOf<PodAffinity>({
  requiredDuringSchedulingIgnoredDuringExecution: listOf(decodePodAffinityTerm),
  preferredDuringSchedulingIgnoredDuringExecution: listOf(
    objectOf<WeightedPodAffinityTerm>({ weight: integer, podAffinityTerm: decodePodAffinityTerm }),
  ),
});

const decodeAffinity = objectOf<Affinity>({
  nodeAffinity: objectOf<NodeAffinity>({
    requiredDuringSchedulingIgnoredDuringExecution: decodeNodeSelector,
    preferredDuringSchedulingIgnoredDuringExecution: listOf(
      objectOf<PreferredSchedulingTerm>({ weight: integer, preference: decodeNodeSelectorTerm }),
    ),
  }),
  podAffinity: decodePodAffinity,
  podAntiAffinity: decodePodAffinity,
});

const decodeSpreadConstraint = objectOf<TopologySpreadConstraint>(
  {
    maxSkew: integer,
    topologyKey: sharedString,
    whenUnsatisfiable: oneOf("whenUnsatisfiable", unsatisfiableActions),
    labelSelector: decodeLabelSelector,
    minDomains: integer,
    nodeAffinityPolicy: oneOf("nodeAffinityPolicy", nodeInclusionPolicies),
    nodeTaintsPolicy: oneOf("nodeTaintsPolicy", nodeInclusionPolicies),
    matchLabelKeys: decodeStrings,
  },
  ["maxSkew", "topologyKey", "whenUnsatisfiable"],
);

export const decodePodSpec = objectOf<PodSpec>({
  nodeName: sharedString,
  schedulerName: sharedString,
  priority: integer,
  priorityClassName: sharedString,
  preemptionPolicy: oneOf("preemptionPolicy", preemptionPolicies),
  schedulingGates: shared(listOf(objectOf<{ name?: string }>({ name: sharedString }))),
  schedulingGroup: objectOf<{ podGroupName?: string }>({ podGroupName: sharedString }),
  containers: shared(listOf(decodeContainer)),
  initContainers: shared(listOf(decodeContainer)),
  ephemeralContainers: listOf(
    objectOf<EphemeralContainer>({ name: sharedString, volumeMounts: decodeVolumeMounts }),
  ),
  overhead: decodeAmounts,
  resources: objectOf<NonNullable<PodSpec["resources"]>>({ requests: decodeAmounts, limits: decodeAmounts }),
  nodeSelector: decodeStringRecord,
  affinity: shared(decodeAffinity),
  tolerations: shared(listOf(decodeToleration)),
  topologySpreadConstraints: shared(listOf(decodeSpreadConstraint)),
  volumes: decodeVolumes,
  resourceClaims: listOf(
    objectOf<PodResourceClaim>({
      name: sharedString,
      resourceClaimName: ownString,
      resourceClaimTemplateName: sharedString,
    }),
  ),
  hostNetwork: boolean,
  hostUsers: boolean,
  restartPolicy: oneOf("restartPolicy", podRestartPolicies),
  terminationGracePeriodSeconds: integer,
});

const unreadConditions = new Set<unknown>(["Initialized", "ContainersReady", "PodReadyToStartContainers"]);

const decodeRequestsOnly = objectOf<{ requests?: Readonly<Record<string, string | number>> }>({
  requests: decodeAmounts,
});

const decodeContainerStatuses = shared(
  listOf(
    objectOf<ContainerStatus>({
      name: sharedString,
      allocatedResources: decodeAmounts,
      resources: decodeRequestsOnly,
    }),
  ),
);

const decodeAnyConditions = shared(
  listOf(objectOf<PodCondition>({ type: sharedString, status: sharedString, reason: sharedString })),
);

/** Every pod has several conditions that nothing here reads. */
const decodeConditions: Decoder<readonly PodCondition[]> = (value, decoding) => {
  const read = Array.isArray(value)
    ? value.filter((condition: unknown) => !isRecord(condition) || !unreadConditions.has(condition["type"]))
    : value;
  return decodeAnyConditions(read, decoding);
};

const decodePodStatus = objectOf<PodStatus>({
  phase: oneOf("phase", podPhases, ""),
  nominatedNodeName: sharedString,
  startTime: sharedString,
  conditions: decodeConditions,
  containerStatuses: decodeContainerStatuses,
  initContainerStatuses: decodeContainerStatuses,
  allocatedResources: decodeAmounts,
  resources: decodeRequestsOnly,
  resourceClaimStatuses: listOf(
    objectOf<PodResourceClaimStatus>({ name: sharedString, resourceClaimName: ownString }),
  ),
  extendedResourceClaimStatus: objectOf<{ resourceClaimName?: string }>({ resourceClaimName: ownString }),
});

export const decodePod = objectOf<PodObject>({
  kind: oneOf("kind", ["Pod"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: decodePodSpec,
  status: decodePodStatus,
});
