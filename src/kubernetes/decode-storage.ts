import { decodeMeta } from "./decode-meta.ts";
import { decodeAmounts, decodeLabelSelector, decodeNodeSelector, decodeStrings } from "./decode-selectors.ts";
import { boolean, integer, listOf, objectOf, oneOf, ownString, quantity, sharedString } from "./decoder.ts";
import type {
  CSIDriverObject,
  CSINodeDriver,
  CSINodeObject,
  CSIStorageCapacityObject,
  PersistentVolumeClaimObject,
  PersistentVolumeClaimSpec,
  PersistentVolumeObject,
  PersistentVolumeSpec,
  StorageClassObject,
  TopologySelectorTerm,
  VolumeAttachmentObject,
} from "./storage-object.ts";

type VolumeSource<K extends keyof PersistentVolumeSpec> = NonNullable<PersistentVolumeSpec[K]>;
type AttachmentSpec = NonNullable<VolumeAttachmentObject["spec"]>;

const decodePhase = objectOf<{ phase?: string }>({ phase: sharedString });

export const decodePersistentVolumeClaim = objectOf<PersistentVolumeClaimObject>({
  kind: oneOf("kind", ["PersistentVolumeClaim"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: objectOf<PersistentVolumeClaimSpec>({
    accessModes: decodeStrings,
    resources: objectOf<NonNullable<PersistentVolumeClaimSpec["resources"]>>({ requests: decodeAmounts }),
    selector: decodeLabelSelector,
    storageClassName: sharedString,
    volumeAttributesClassName: sharedString,
    volumeMode: sharedString,
    volumeName: ownString,
  }),
  status: decodePhase,
});

export const decodePersistentVolume = objectOf<PersistentVolumeObject>({
  kind: oneOf("kind", ["PersistentVolume"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: objectOf<PersistentVolumeSpec>({
    accessModes: decodeStrings,
    capacity: decodeAmounts,
    claimRef: objectOf<VolumeSource<"claimRef">>({
      name: ownString,
      namespace: sharedString,
      uid: ownString,
    }),
    csi: objectOf<VolumeSource<"csi">>({ driver: sharedString, volumeHandle: ownString }),
    awsElasticBlockStore: objectOf<VolumeSource<"awsElasticBlockStore">>({ volumeID: ownString }),
    gcePersistentDisk: objectOf<VolumeSource<"gcePersistentDisk">>({ pdName: ownString }),
    azureDisk: objectOf<VolumeSource<"azureDisk">>({
      diskName: ownString,
      diskURI: ownString,
      kind: sharedString,
    }),
    cinder: objectOf<VolumeSource<"cinder">>({ volumeID: ownString }),
    portworxVolume: objectOf<VolumeSource<"portworxVolume">>({ volumeID: ownString }),
    nodeAffinity: objectOf<VolumeSource<"nodeAffinity">>({ required: decodeNodeSelector }),
    storageClassName: sharedString,
    volumeAttributesClassName: sharedString,
    volumeMode: sharedString,
  }),
  status: decodePhase,
});

export const decodeStorageClass = objectOf<StorageClassObject>({
  kind: oneOf("kind", ["StorageClass"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  provisioner: sharedString,
  volumeBindingMode: sharedString,
  allowedTopologies: listOf(
    objectOf<TopologySelectorTerm>({
      matchLabelExpressions: listOf(
        objectOf<{ key?: string; values?: readonly string[] }>({ key: sharedString, values: decodeStrings }),
      ),
    }),
  ),
});

export const decodeCSINode = objectOf<CSINodeObject>({
  kind: oneOf("kind", ["CSINode"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: objectOf<NonNullable<CSINodeObject["spec"]>>({
    drivers: listOf(
      objectOf<CSINodeDriver>({
        name: sharedString,
        allocatable: objectOf<NonNullable<CSINodeDriver["allocatable"]>>({ count: integer }),
      }),
    ),
  }),
});

export const decodeCSIDriver = objectOf<CSIDriverObject>({
  kind: oneOf("kind", ["CSIDriver"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: objectOf<NonNullable<CSIDriverObject["spec"]>>({
    storageCapacity: boolean,
    preventPodSchedulingIfMissing: boolean,
  }),
});

export const decodeCSIStorageCapacity = objectOf<CSIStorageCapacityObject>({
  kind: oneOf("kind", ["CSIStorageCapacity"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  capacity: quantity,
  maximumVolumeSize: quantity,
  nodeTopology: decodeLabelSelector,
  storageClassName: sharedString,
});

export const decodeVolumeAttachment = objectOf<VolumeAttachmentObject>({
  kind: oneOf("kind", ["VolumeAttachment"]),
  apiVersion: sharedString,
  metadata: decodeMeta,
  spec: objectOf<AttachmentSpec>({
    attacher: sharedString,
    nodeName: sharedString,
    source: objectOf<NonNullable<AttachmentSpec["source"]>>({ persistentVolumeName: ownString }),
  }),
  status: objectOf<{ attached?: boolean }>({ attached: boolean }),
});
