import fc from "fast-check";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { Affinity, PodAffinityTerm, TopologySpreadConstraint } from "../kubernetes/affinity.ts";
import type { NamespaceObject, ServiceObject } from "../kubernetes/cluster-object.ts";
import type { LabelSelector } from "../kubernetes/label-selector.ts";
import type { ObjectMeta, OwnerReference, StringRecord } from "../kubernetes/object-meta.ts";
import type { OwnerObject } from "../kubernetes/owner.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import { arbitraryNodeSpec } from "./arbitrary-node.ts";
import { rarely, sparse, weighted, ZONE } from "./arbitrary-parts.ts";
import { arbitraryPodTemplate } from "./arbitrary-pod.ts";

/** Pods that have to do with one another: spread, affinity, services and owners, namespaces, features of nodes. */

const HOSTNAME = "kubernetes.io/hostname";
const APPS = ["web", "db"];
const NAMESPACES = ["default", "prod"];
const FEATURES = [
  "RestartAllContainersOnContainerExits",
  "UserNamespacesHostNetworkSupport",
  "VolumeBindMountOptions",
];

const topologyKey = weighted([4, ZONE], [4, HOSTNAME], [2, "disk"], [1, "absent"]);

const selector = weighted<LabelSelector | undefined>(
  [8, { matchLabels: { app: "web" } }],
  [4, { matchLabels: { app: "db" } }],
  [3, { matchExpressions: [{ key: "app", operator: "In", values: APPS }] }],
  [2, { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["back"] }] }],
  [2, { matchExpressions: [{ key: "tier", operator: "Exists" }] }],
  [1, { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }],
  [1, {}],
  [1, undefined],
);

/** A constraint of either action; `minDomains` with the hard one only, as the API has it. */
const constraint: fc.Arbitrary<TopologySpreadConstraint> = fc
  .record({
    hard: fc.boolean(),
    minDomains: rarely(30, fc.constantFrom(1, 2, 5)),
    rest: sparse<Omit<TopologySpreadConstraint, "whenUnsatisfiable" | "minDomains">>({
      topologyKey,
      maxSkew: weighted([6, 1], [3, 2], [1, 4]),
      labelSelector: selector,
      nodeAffinityPolicy: rarely(30, fc.constantFrom("Honor", "Ignore")),
      nodeTaintsPolicy: rarely(40, fc.constantFrom("Honor", "Ignore")),
      matchLabelKeys: rarely(20, fc.constantFrom(["version"], ["version", "absent"])),
    }),
  })
  .map(({ hard, minDomains, rest }) => ({
    ...rest,
    whenUnsatisfiable: hard ? "DoNotSchedule" : "ScheduleAnyway",
    ...(hard && minDomains !== undefined && { minDomains }),
  }));

const term: fc.Arbitrary<PodAffinityTerm> = sparse<PodAffinityTerm>({
  topologyKey,
  labelSelector: selector,
  namespaces: rarely(20, fc.constantFrom(["prod"], NAMESPACES, ["unknown"])),
  namespaceSelector: rarely(
    25,
    fc.constantFrom<LabelSelector>(
      {},
      { matchLabels: { stage: "prod" } },
      { matchExpressions: [{ key: "stage", operator: "DoesNotExist" }] },
    ),
  ),
  matchLabelKeys: fc.constant(undefined),
  mismatchLabelKeys: fc.constant(undefined),
});

const preferred = fc.array(fc.record({ weight: fc.constantFrom(1, 7, 50, 100), podAffinityTerm: term }), {
  minLength: 1,
  maxLength: 2,
});
const terms = (percent: number) =>
  sparse({
    requiredDuringSchedulingIgnoredDuringExecution: rarely(
      percent,
      fc.array(term, { minLength: 1, maxLength: 2 }),
    ),
    preferredDuringSchedulingIgnoredDuringExecution: rarely(50, preferred),
  });
const podAffinity: fc.Arbitrary<Pick<Affinity, "podAffinity" | "podAntiAffinity">> = sparse({
  podAffinity: rarely(60, terms(35)),
  podAntiAffinity: rarely(60, terms(60)),
});

const labels: fc.Arbitrary<StringRecord> = sparse<Record<string, string>>({
  app: weighted<string | undefined>([5, "web"], [3, "db"], [1, undefined]),
  tier: rarely(40, fc.constantFrom("front", "back")),
  version: rarely(50, fc.constantFrom("v1", "v2")),
});

const controller: fc.Arbitrary<OwnerReference> = fc.constantFrom(
  { apiVersion: "apps/v1", kind: "ReplicaSet", name: "r", controller: true },
  { apiVersion: "apps/v1", kind: "StatefulSet", name: "s", controller: true },
  { apiVersion: "v1", kind: "ReplicationController", name: "c", controller: true },
  { apiVersion: "batch/v1", kind: "Job", name: "j", controller: true },
  { apiVersion: "apps/v1", kind: "ReplicaSet", name: "gone", controller: true },
  { apiVersion: "apps/v1", kind: "ReplicaSet", name: "r" },
);

const needs: fc.Arbitrary<PodSpec> = fc.constantFrom<PodSpec>(
  { hostNetwork: true, hostUsers: false },
  { initContainers: [{ restartPolicyRules: [{ action: "RestartAllContainers" }] }] },
  { ephemeralContainers: [{ volumeMounts: [{ bindMountOptions: ["noexec"] }] }] },
  {
    hostNetwork: true,
    hostUsers: false,
    initContainers: [{ volumeMounts: [{ bindMountOptions: ["noexec"] }] }],
  },
);

/** Small and tolerant, so that what decides is mostly the other pods. */
const modest: fc.Arbitrary<PodTemplate> = fc
  .record({
    requests: fc.constantFrom({}, { cpu: "100m" }, { cpu: "500m", memory: "500Mi" }),
    tolerant: rarely(70, fc.constant([{ operator: "Exists" as const }])),
    nodeSelector: rarely(15, fc.constantFrom<StringRecord>({ disk: "ssd" }, { [ZONE]: "a" })),
  })
  .map(({ requests, tolerant, nodeSelector }) => ({
    name: "pod",
    object: {
      kind: "Pod" as const,
      spec: {
        containers: [{ name: "c", resources: { requests } }],
        ...(tolerant && { tolerations: tolerant }),
        ...(nodeSelector && { nodeSelector }),
      },
    },
  }));

export const arbitraryRelatedPod: fc.Arbitrary<PodTemplate> = fc
  .record({
    base: fc.oneof({ weight: 4, arbitrary: modest }, { weight: 1, arbitrary: arbitraryPodTemplate }),
    labels,
    namespace: rarely(20, fc.constant("prod")),
    terminating: rarely(6, fc.constant("2030-01-01T00:00:00Z")),
    owner: rarely(40, controller),
    spread: rarely(45, fc.array(constraint, { minLength: 1, maxLength: 3 })),
    affinity: rarely(40, podAffinity),
    needs: rarely(12, needs),
  })
  .map(({ base, spread, affinity, needs: wants = {}, ...meta }) => {
    const metadata: ObjectMeta = {
      labels: meta.labels,
      ...(meta.namespace && { namespace: meta.namespace }),
      ...(meta.terminating && { deletionTimestamp: meta.terminating }),
      ...(meta.owner && { ownerReferences: [meta.owner] }),
    };
    const spec: PodSpec = {
      ...base.object.spec,
      ...wants,
      ...(spread && { topologySpreadConstraints: spread }),
      ...(affinity && { affinity: { ...base.object.spec?.affinity, ...affinity } }),
    };
    return { ...base, object: { ...base.object, metadata, spec } };
  });

/** A node of any kind, most with some declared features. */
export const arbitraryFeaturedNode: fc.Arbitrary<NodeSpec> = fc
  .record({
    spec: arbitraryNodeSpec,
    declaredFeatures: rarely(70, fc.oneof(fc.subarray(FEATURES), fc.constant([FEATURES[1], FEATURES[0]]))),
  })
  .map(({ spec, declaredFeatures }) => ({
    ...spec,
    object: {
      ...spec.object,
      status: { ...spec.object.status, ...(declaredFeatures && { declaredFeatures }) },
    },
  }));

/** Objects from which pods get default constraints and affinity terms their namespaces. */
export interface RelatingObjects {
  readonly namespaces: readonly NamespaceObject[];
  readonly services: readonly ServiceObject[];
  readonly owners: readonly OwnerObject[];
}

const service = (name: string, selected: StringRecord, namespace?: string): ServiceObject => ({
  kind: "Service",
  metadata: { name, ...(namespace && { namespace }) },
  spec: { selector: selected },
});

const owner = (kind: OwnerObject["kind"], name: string, selected: LabelSelector): OwnerObject => ({
  kind,
  apiVersion: kind === "ReplicationController" ? "v1" : "apps/v1",
  metadata: { name },
  spec: { selector: selected },
});

export const arbitraryRelatingObjects: fc.Arbitrary<RelatingObjects> = fc.record({
  namespaces: fc.subarray<NamespaceObject>([
    { kind: "Namespace", metadata: { name: "default" } },
    { kind: "Namespace", metadata: { name: "prod", labels: { stage: "prod" } } },
  ]),
  services: fc.subarray([
    service("web", { app: "web" }),
    service("front", { app: "web", tier: "front" }),
    service("db", { app: "db" }),
    service("db", { app: "db" }, "prod"),
    service("nothing", {}),
  ]),
  owners: fc.subarray([
    owner("ReplicaSet", "r", { matchLabels: { app: "web" } }),
    owner("StatefulSet", "s", { matchExpressions: [{ key: "app", operator: "In", values: APPS }] }),
    owner("ReplicationController", "c", { matchLabels: { tier: "front" } }),
  ]),
});
