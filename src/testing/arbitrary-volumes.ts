import fc from "fast-check";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import type { Volume } from "../kubernetes/volume.ts";
import { nodeName, rarely, sparse, weighted, ZONE } from "./arbitrary-parts.ts";
import {
  arbitraryCapacity,
  arbitraryClass,
  arbitraryCsiDriver,
  arbitraryCsiNode,
  arbitraryVolume,
  arbitraryVolumeAttachment,
  arbitraryVolumeClaim,
  CLAIMS,
  CLASSES,
  DISKS,
  DRIVERS,
  podName,
  someOf,
  VOLUMES,
} from "./arbitrary-storage-volumes.ts";

/** A small cluster with objects beside its nodes, pods on nodes, and pods that are to be placed one after another. */
export interface ClusterWithObjects {
  readonly nodes: readonly NodeSpec[];
  readonly objects: KubernetesObjects;
  /** `at` is the place of the pod's node. */
  readonly placed: readonly { readonly pod: PodTemplate; readonly at: number }[];
  readonly pods: readonly PodTemplate[];
}

const labels = sparse<Record<string, string>>({
  [ZONE]: weighted<string | undefined>([4, "a"], [3, "b"], [1, "c"], [1, undefined]),
  "topology.kubernetes.io/region": weighted<string | undefined>([2, undefined], [1, "r"]),
  "failure-domain.beta.kubernetes.io/zone": weighted<string | undefined>([6, undefined], [1, "a"], [1, "b"]),
  "topology.gke.io/zone": weighted<string | undefined>([1, undefined], [2, "a"]),
  "topology.ebs.csi.aws.com/zone": weighted<string | undefined>([1, undefined], [2, "a"]),
});

/** Two to four nodes named by their places, with zones old and new. */
export const arbitraryLabelledNodes: fc.Arbitrary<readonly NodeSpec[]> = fc
  .array(labels, { minLength: 2, maxLength: 4 })
  .map((all) =>
    all.map((own, place): NodeSpec => {
      const name = nodeName(place);
      const metadata = { name, labels: { ...own, "kubernetes.io/hostname": name } };
      return { object: { kind: "Node", metadata } };
    }),
  );

const readOnly = fc.constantFrom(undefined, true, false);

const inTree: fc.Arbitrary<Volume> = fc.oneof(
  sparse<NonNullable<Volume["gcePersistentDisk"]>>({ pdName: fc.constantFrom(...DISKS), readOnly }).map(
    (gcePersistentDisk): Volume => ({ gcePersistentDisk }),
  ),
  sparse<NonNullable<Volume["awsElasticBlockStore"]>>({
    volumeID: fc.constantFrom(...DISKS),
    readOnly,
  }).map((awsElasticBlockStore): Volume => ({ awsElasticBlockStore })),
  someOf<NonNullable<Volume["iscsi"]>>({ iqn: fc.constantFrom(...DISKS), readOnly }).map(
    (iscsi): Volume => ({ iscsi }),
  ),
  {
    // Two images of one pool on one node are rare otherwise.
    weight: 3,
    arbitrary: sparse<NonNullable<Volume["rbd"]>>({
      monitors: fc.constantFrom(["m1"], ["m1", "m2"], ["m2", "m3"]),
      pool: fc.constantFrom("p", "p", "q"),
      image: fc.constantFrom(...DISKS),
      readOnly,
    }).map((rbd): Volume => ({ rbd })),
  },
  someOf<NonNullable<Volume["azureDisk"]>>({
    diskURI: fc.constantFrom(...DISKS),
    kind: weighted<string | undefined>([6, undefined], [1, "Managed"], [1, "Shared"]),
  }).map((azureDisk): Volume => ({ azureDisk })),
  fc.constantFrom(...DISKS).map((volumeID): Volume => ({ cinder: { volumeID } })),
);

const volume: fc.Arbitrary<Volume> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc
      .constantFrom(...CLAIMS)
      .map((claimName): Volume => ({ persistentVolumeClaim: { claimName } })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("missing", "missing", "missing", "")
      .map((claimName): Volume => ({ persistentVolumeClaim: { claimName } })),
  },
  { weight: 2, arbitrary: fc.constant<Volume>({ ephemeral: {} }) },
  { weight: 7, arbitrary: inTree },
);

const podSpecs = fc.record({
  volumes: fc.array(volume, { maxLength: 4 }),
  namespace: weighted<string | undefined>([30, undefined], [1, "other"]),
});

/** Pods are named by their places, so that claims made for pods can be theirs. */
function podTemplate(
  { volumes, namespace }: { readonly volumes: readonly Volume[]; readonly namespace: string | undefined },
  place: number,
): PodTemplate {
  const named = volumes.map((one, i): Volume => ({ name: one.ephemeral ? "scratch" : `v${i}`, ...one }));
  const metadata = { name: podName(place), ...(namespace !== undefined && { namespace }) };
  return { name: "p", object: { kind: "Pod", metadata, spec: { volumes: named } } };
}

/** Clusters in which volumes decide where pods go. */
export const arbitraryVolumeCluster: fc.Arbitrary<ClusterWithObjects> = fc
  .record({
    nodes: arbitraryLabelledNodes,
    claims: fc.tuple(
      ...[...CLAIMS, `${podName(0)}-scratch`, `${podName(3)}-scratch`].map(arbitraryVolumeClaim),
    ),
    volumes: fc.tuple(...VOLUMES.map((name) => rarely(80, arbitraryVolume(name)))),
    classes: fc.tuple(...CLASSES.map((name) => rarely(92, arbitraryClass(name)))),
    drivers: fc.tuple(...DRIVERS.map((name) => rarely(85, arbitraryCsiDriver(name)))),
    csiNodes: fc.tuple(...[0, 1, 2, 3].map((place) => rarely(80, arbitraryCsiNode(nodeName(place))))),
    capacities: fc.array(arbitraryCapacity, { maxLength: 4 }),
    attachments: fc.array(arbitraryVolumeAttachment, { maxLength: 4 }),
    // Few, so that pods are of one kind now and then.
    specs: fc.array(podSpecs, { minLength: 1, maxLength: 4 }),
    placed: fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })), { maxLength: 4 }),
    pods: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 }),
  })
  .map((drawn) => ({
    nodes: drawn.nodes,
    objects: {
      ...NO_OBJECTS,
      persistentVolumeClaims: present(drawn.claims),
      persistentVolumes: present(drawn.volumes),
      storageClasses: present(drawn.classes),
      csiDrivers: present(drawn.drivers),
      csiNodes: present(drawn.csiNodes),
      csiStorageCapacities: drawn.capacities,
      volumeAttachments: drawn.attachments,
    },
    placed: drawn.placed.map(([spec, at], i) => ({
      pod: podTemplate(drawn.specs[spec % drawn.specs.length], drawn.pods.length + i),
      at: at % drawn.nodes.length,
    })),
    pods: drawn.pods.map((spec, i) => podTemplate(drawn.specs[spec % drawn.specs.length], i)),
  }));

function present<T>(list: readonly (T | undefined)[]): T[] {
  return list.filter((item) => item !== undefined);
}
