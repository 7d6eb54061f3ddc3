import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import { byName, byQualifiedName, groupedBy } from "../../kubernetes/lists-by-key.ts";
import type {
  CSIDriverObject,
  CSINodeObject,
  CSIStorageCapacityObject,
  PersistentVolumeClaimObject,
  PersistentVolumeObject,
  StorageClassObject,
  VolumeAttachmentObject,
} from "../../kubernetes/storage-object.ts";

const volumesByClass = groupedBy<PersistentVolumeObject>(({ spec }) => spec?.storageClassName ?? "");
const capacitiesByClass = groupedBy<CSIStorageCapacityObject>(
  ({ storageClassName = "" }) => storageClassName,
);
const attachmentsByNode = groupedBy<VolumeAttachmentObject>(({ spec }) => spec?.nodeName ?? "");

/** The storage objects of a cluster, found by name. The maps are those of the lists, which move on with them: not to be kept. */
export class Storage {
  readonly objects: KubernetesObjects;

  constructor(objects: KubernetesObjects) {
    this.objects = objects;
  }

  /** By `namespace/name`. */
  get claims(): ReadonlyMap<string, PersistentVolumeClaimObject> {
    return byQualifiedName(this.objects.persistentVolumeClaims);
  }

  get volumes(): ReadonlyMap<string, PersistentVolumeObject> {
    return byName(this.objects.persistentVolumes);
  }

  /** In input order; without a class under the empty name. */
  get volumesOfClass(): ReadonlyMap<string, readonly PersistentVolumeObject[]> {
    return volumesByClass(this.objects.persistentVolumes);
  }

  get classes(): ReadonlyMap<string, StorageClassObject> {
    return byName(this.objects.storageClasses);
  }

  get drivers(): ReadonlyMap<string, CSIDriverObject> {
    return byName(this.objects.csiDrivers);
  }

  /** By the name of the node. */
  get csiNodes(): ReadonlyMap<string, CSINodeObject> {
    return byName(this.objects.csiNodes);
  }

  /** In input order. */
  get capacitiesOfClass(): ReadonlyMap<string, readonly CSIStorageCapacityObject[]> {
    return capacitiesByClass(this.objects.csiStorageCapacities);
  }

  /** By the name of the node. */
  get attachmentsOn(): ReadonlyMap<string, readonly VolumeAttachmentObject[]> {
    return attachmentsByNode(this.objects.volumeAttachments);
  }
}

export function storageOf(objects: KubernetesObjects): Storage {
  return new Storage(objects);
}
