import type { LabelSelector } from "./label-selector.ts";
import type { NodeSelector } from "./node-selector.ts";
import type { ObjectMeta, ResourceAmounts } from "./object-meta.ts";

/** Objects that the volume plugins read. Capacities are quantities as `parseQuantity` reads them. */

export interface PersistentVolumeClaimObject {
  readonly kind: "PersistentVolumeClaim";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: PersistentVolumeClaimSpec;
  readonly status?: { readonly phase?: string };
}

export interface PersistentVolumeClaimSpec {
  readonly accessModes?: readonly string[];
  readonly resources?: { readonly requests?: ResourceAmounts };
  readonly selector?: LabelSelector;
  readonly storageClassName?: string;
  readonly volumeAttributesClassName?: string;
  readonly volumeMode?: string;
  readonly volumeName?: string;
}

export interface PersistentVolumeObject {
  readonly kind: "PersistentVolume";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: PersistentVolumeSpec;
  readonly status?: { readonly phase?: string };
}

export interface PersistentVolumeSpec {
  readonly accessModes?: readonly string[];
  readonly capacity?: ResourceAmounts;
  readonly claimRef?: { readonly name?: string; readonly namespace?: string; readonly uid?: string };
  readonly csi?: { readonly driver?: string; readonly volumeHandle?: string };
  readonly awsElasticBlockStore?: { readonly volumeID?: string };
  readonly gcePersistentDisk?: { readonly pdName?: string };
  readonly azureDisk?: { readonly diskName?: string; readonly diskURI?: string; readonly kind?: string };
  readonly cinder?: { readonly volumeID?: string };
  readonly portworxVolume?: { readonly volumeID?: string };
  readonly nodeAffinity?: { readonly required?: NodeSelector };
  readonly storageClassName?: string;
  readonly volumeAttributesClassName?: string;
  readonly volumeMode?: string;
}

export interface StorageClassObject {
  readonly kind: "StorageClass";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly provisioner?: string;
  readonly volumeBindingMode?: string;
  readonly allowedTopologies?: readonly TopologySelectorTerm[];
}

export interface TopologySelectorTerm {
  readonly matchLabelExpressions?: readonly { readonly key?: string; readonly values?: readonly string[] }[];
}

export interface CSINodeObject {
  readonly kind: "CSINode";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: { readonly drivers?: readonly CSINodeDriver[] };
}

export interface CSINodeDriver {
  readonly name?: string;
  readonly allocatable?: { readonly count?: number };
}

export interface CSIDriverObject {
  readonly kind: "CSIDriver";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: { readonly storageCapacity?: boolean; readonly preventPodSchedulingIfMissing?: boolean };
}

export interface CSIStorageCapacityObject {
  readonly kind: "CSIStorageCapacity";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly capacity?: string | number;
  readonly maximumVolumeSize?: string | number;
  readonly nodeTopology?: LabelSelector;
  readonly storageClassName?: string;
}

export interface VolumeAttachmentObject {
  readonly kind: "VolumeAttachment";
  readonly apiVersion?: string;
  readonly metadata?: ObjectMeta;
  readonly spec?: {
    readonly attacher?: string;
    readonly nodeName?: string;
    readonly source?: { readonly persistentVolumeName?: string };
  };
  readonly status?: { readonly attached?: boolean };
}
