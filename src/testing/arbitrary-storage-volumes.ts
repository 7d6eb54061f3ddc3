import fc from "fast-check";
import type { NodeSelector } from "../kubernetes/node-selector.ts";
import type {
  CSIDriverObject,
  CSINodeDriver,
  CSINodeObject,
  CSIStorageCapacityObject,
  PersistentVolumeClaimObject,
  PersistentVolumeObject,
  PersistentVolumeSpec,
  StorageClassObject,
  VolumeAttachmentObject,
} from "../kubernetes/storage-object.ts";
import { nodeName, rarely, sparse, weighted, ZONE } from "./arbitrary-parts.ts";

/** A record of some of the members of a type; undefined ones are left out. */
export function someOf<T extends object>(
  members: {
    readonly [K in keyof T]?: fc.Arbitrary<T[K] | undefined>;
  },
): fc.Arbitrary<T> {
  return sparse<T>(members as { readonly [K in keyof Required<T>]: fc.Arbitrary<T[K] | undefined> });
}

/** Names of storage objects: few, so that they refer to one another. */
export const CLAIMS = ["c0", "c1", "c2", "c3", "c4"];
export const VOLUMES = ["v0", "v1", "v2", "v3", "v4", "v5"];
export const CLASSES = ["slow", "fast", "static"];
export const DRIVERS = ["csi.example.com", "ebs.csi.aws.com", "pd.csi.storage.gke.io"];
export const DISKS = ["d0", "d1"];

export function podName(place: number): string {
  return `pod-${place}`;
}

const className = weighted<string | undefined>(
  [6, "slow"],
  [5, "static"],
  [3, "fast"],
  [1, undefined],
  [1, "unknown"],
);
const request = weighted<string | number>([5, "1Gi"], [3, "2Gi"], [1, "5Gi"], [1, 3221225472]);
const size = weighted<string | number>([1, "1Gi"], [3, "2Gi"], [3, "5Gi"], [1, 3221225472]);
const accessModes = fc.constantFrom<readonly string[]>(
  ["ReadWriteOnce"],
  ["ReadWriteOnce"],
  ["ReadWriteOncePod"],
  ["ReadOnlyMany"],
);
const volumeMode = weighted<string | undefined>([10, undefined], [1, "Block"], [2, "Filesystem"]);
const volumeAttributesClassName = weighted<string | undefined>([10, undefined], [1, "gold"], [1, ""]);

export function arbitraryVolumeClaim(name: string): fc.Arbitrary<PersistentVolumeClaimObject> {
  return fc
    .record({
      bound: weighted<"no" | "complete" | "not yet">([9, "no"], [5, "complete"], [1, "not yet"]),
      spec: someOf<NonNullable<PersistentVolumeClaimObject["spec"]>>({
        accessModes: rarely(90, accessModes),
        resources: rarely(
          90,
          request.map((storage) => ({ requests: { storage } })),
        ),
        selector: rarely(20, fc.constantFrom({ matchLabels: { tier: "gold" } }, {})),
        storageClassName: className,
        volumeAttributesClassName,
        volumeMode,
      }),
      volumeName: fc.constantFrom(...VOLUMES, ...VOLUMES, "gone"),
      selectedNode: rarely(12, fc.nat({ max: 3 })),
      phase: weighted<string | undefined>([30, undefined], [1, "Lost"]),
      deleting: rarely(3, fc.constant("2030-01-01T00:00:00Z")),
      namespace: weighted<string | undefined>([40, undefined], [1, "other"]),
      owner: fc.constantFrom(`default/${podName(0)}`, `default/${podName(3)}`, undefined),
    })
    .map(({ bound, spec, volumeName, selectedNode, phase, deleting, namespace, owner }) => ({
      kind: "PersistentVolumeClaim",
      metadata: {
        name,
        ...(namespace !== undefined && { namespace }),
        ...(deleting !== undefined && { deletionTimestamp: deleting }),
        ...(owner !== undefined && { ownerReferences: [{ controller: true, uid: owner }] }),
        annotations: {
          ...(bound === "complete" && { "pv.kubernetes.io/bind-completed": "yes" }),
          ...(selectedNode !== undefined && {
            "volume.kubernetes.io/selected-node": nodeName(selectedNode),
          }),
        },
      },
      spec: { ...spec, ...(bound !== "no" && { volumeName }) },
      ...(phase !== undefined && { status: { phase } }),
    }));
}

const nodeAffinity: fc.Arbitrary<NodeSelector> = fc.constantFrom<NodeSelector>(
  { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: "In", values: ["a"] }] }] },
  { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: "NotIn", values: ["a"] }] }] },
  {
    nodeSelectorTerms: [
      { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["n000", "n002"] }] },
      { matchExpressions: [{ key: ZONE, operator: "In", values: ["c"] }] },
    ],
  },
  { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n000"] }] }] },
  { nodeSelectorTerms: [{}] },
);

const zones = weighted<string | undefined>(
  [8, undefined],
  [3, "a"],
  [1, "b"],
  [2, "a__b"],
  [1, "a__"],
  [1, "e-f-a__e-f-b"],
);

const source: fc.Arbitrary<PersistentVolumeSpec> = fc.oneof(
  fc
    .record({ driver: fc.constantFrom(...DRIVERS), volumeHandle: fc.constantFrom(...DISKS, "h0", "h1") })
    .map((csi): PersistentVolumeSpec => ({ csi })),
  fc
    .constantFrom(...DISKS, ...DISKS, "aws://a/vol-1", "aws://a/d0")
    .map((volumeID): PersistentVolumeSpec => ({ awsElasticBlockStore: { volumeID } })),
  fc.constantFrom(...DISKS).map((pdName): PersistentVolumeSpec => ({ gcePersistentDisk: { pdName } })),
  fc.constant<PersistentVolumeSpec>({}),
);

export function arbitraryVolume(name: string): fc.Arbitrary<PersistentVolumeObject> {
  return fc
    .record({
      source,
      spec: someOf<PersistentVolumeSpec>({
        accessModes: fc.constantFrom(
          ["ReadWriteOnce"],
          ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteOncePod"],
        ),
        capacity: size.map((storage) => ({ storage })),
        claimRef: rarely(
          12,
          sparse<NonNullable<PersistentVolumeSpec["claimRef"]>>({
            name: fc.constantFrom(...CLAIMS),
            namespace: fc.constantFrom("default", "default", "other"),
            uid: weighted<string | undefined>([3, undefined], [1, "default/c0"], [1, "someone"]),
          }),
        ),
        nodeAffinity: rarely(
          55,
          nodeAffinity.map((required) => ({ required })),
        ),
        storageClassName: className,
        volumeAttributesClassName,
        volumeMode,
      }),
      labels: sparse<Record<string, string>>({
        [ZONE]: zones,
        "topology.kubernetes.io/region": weighted<string | undefined>([8, undefined], [1, "r"], [1, "s"]),
        "failure-domain.beta.kubernetes.io/zone": zones,
        tier: weighted<string | undefined>([2, undefined], [1, "gold"]),
      }),
      phase: weighted([8, "Available"], [1, "Released"]),
      deleting: rarely(4, fc.constant("2030-01-01T00:00:00Z")),
    })
    .map(({ source: from, spec, labels, phase, deleting }) => ({
      kind: "PersistentVolume",
      metadata: { name, labels, ...(deleting !== undefined && { deletionTimestamp: deleting }) },
      spec: { ...from, ...spec },
      status: { phase },
    }));
}

export function arbitraryClass(name: string): fc.Arbitrary<StorageClassObject> {
  const provisioner =
    name === "static"
      ? fc.constantFrom("kubernetes.io/no-provisioner", "")
      : fc.constantFrom(...DRIVERS, "kubernetes.io/aws-ebs");
  const term = (key: string, values: readonly string[]) => ({ matchLabelExpressions: [{ key, values }] });
  return someOf<Omit<StorageClassObject, "kind" | "metadata">>({
    provisioner,
    volumeBindingMode: weighted<string | undefined>(
      [30, "WaitForFirstConsumer"],
      [4, "Immediate"],
      [1, undefined],
    ),
    allowedTopologies: rarely(
      25,
      fc.constantFrom([], [term(ZONE, ["a", "c"])], [term(ZONE, ["c"]), term(ZONE, ["b"])], [{}]),
    ),
  }).map((fields) => ({ kind: "StorageClass", metadata: { name }, ...fields }));
}

export function arbitraryCsiDriver(name: string): fc.Arbitrary<CSIDriverObject> {
  return sparse<NonNullable<CSIDriverObject["spec"]>>({
    storageCapacity: weighted<boolean | undefined>([4, true], [1, false], [1, undefined]),
    preventPodSchedulingIfMissing: weighted<boolean | undefined>([3, undefined], [1, true], [1, false]),
  }).map((spec) => ({ kind: "CSIDriver", metadata: { name }, spec }));
}

export function arbitraryCsiNode(name: string): fc.Arbitrary<CSINodeObject> {
  const driver = (driverName: string) =>
    sparse<CSINodeDriver>({
      name: fc.constant(driverName),
      allocatable: rarely(
        80,
        fc.constantFrom(0, 1, 1, 2, 3).map((count) => ({ count })),
      ),
    });
  const migrated = fc.constantFrom(
    "",
    "",
    "kubernetes.io/aws-ebs",
    "kubernetes.io/gce-pd,kubernetes.io/aws-ebs",
  );
  return fc
    .tuple(migrated, ...DRIVERS.map((driverName) => rarely(75, driver(driverName))))
    .map(([plugins, ...drivers]) => ({
      kind: "CSINode",
      metadata: { name, annotations: { "storage.alpha.kubernetes.io/migrated-plugins": plugins } },
      spec: { drivers: drivers.filter((one) => one !== undefined) },
    }));
}

/** Never with a greatest size alone: upstream ends when it scores such an object. */
export const arbitraryCapacity: fc.Arbitrary<CSIStorageCapacityObject> = someOf<
  Omit<CSIStorageCapacityObject, "kind" | "metadata">
>({
  capacity: weighted([1, "1Gi"], [3, "4Gi"], [3, "50Gi"], [1, "0"]),
  maximumVolumeSize: rarely(35, fc.constantFrom("1Gi", "512Mi")),
  nodeTopology: fc.constantFrom(
    {},
    { matchLabels: { [ZONE]: "a" } },
    { matchExpressions: [{ key: ZONE, operator: "NotIn" as const, values: ["a"] }] },
    undefined,
  ),
  storageClassName: fc.constantFrom("slow", "fast"),
}).map((fields) => ({ kind: "CSIStorageCapacity", metadata: { name: "capacity" }, ...fields }));

export const arbitraryVolumeAttachment: fc.Arbitrary<VolumeAttachmentObject> = fc
  .record({
    attacher: fc.constantFrom(...DRIVERS, ""),
    node: fc.nat({ max: 3 }),
    persistentVolumeName: fc.constantFrom(...VOLUMES, "gone"),
  })
  .map(({ attacher, node, persistentVolumeName }) => ({
    kind: "VolumeAttachment",
    metadata: { name: "attachment" },
    spec: { attacher, nodeName: nodeName(node), source: { persistentVolumeName } },
  }));
