import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import type { ObjectMeta } from "../../kubernetes/object-meta.ts";
import type {
  CSIDriverObject,
  CSINodeObject,
  CSIStorageCapacityObject,
  PersistentVolumeClaimObject,
  PersistentVolumeObject,
  StorageClassObject,
  VolumeAttachmentObject,
} from "../../kubernetes/storage-object.ts";

/** The storage objects of a cluster, found by name. */
export interface Storage {
  /** By `namespace/name`. */
  readonly claims: ReadonlyMap<string, PersistentVolumeClaimObject>;
  readonly volumes: ReadonlyMap<string, PersistentVolumeObject>;
  /** In input order; without a class under the empty name. */
  readonly volumesOfClass: ReadonlyMap<string, readonly PersistentVolumeObject[]>;
  readonly classes: ReadonlyMap<string, StorageClassObject>;
  readonly drivers: ReadonlyMap<string, CSIDriverObject>;
  /** By the name of the node. */
  readonly csiNodes: ReadonlyMap<string, CSINodeObject>;
  /** In input order. */
  readonly capacitiesOfClass: ReadonlyMap<string, readonly CSIStorageCapacityObject[]>;
  /** By the name of the node. */
  readonly attachmentsOn: ReadonlyMap<string, readonly VolumeAttachmentObject[]>;
}

const known = new WeakMap<KubernetesObjects, Storage>();

/** Built once for each set of objects. */
export function storageOf(objects: KubernetesObjects): Storage {
  let storage = known.get(objects);
  if (storage === undefined) {
    storage = {
      claims: new Map(objects.persistentVolumeClaims.map((claim) => [qualifiedName(claim), claim])),
      volumes: byName(objects.persistentVolumes),
      volumesOfClass: grouped(objects.persistentVolumes, ({ spec }) => spec?.storageClassName),
      classes: byName(objects.storageClasses),
      drivers: byName(objects.csiDrivers),
      csiNodes: byName(objects.csiNodes),
      capacitiesOfClass: grouped(objects.csiStorageCapacities, ({ storageClassName }) => storageClassName),
      attachmentsOn: grouped(objects.volumeAttachments, ({ spec }) => spec?.nodeName),
    };
    known.set(objects, storage);
  }
  return storage;
}

/** `namespace/name`. */
export function qualifiedName({ metadata }: { readonly metadata?: ObjectMeta }): string {
  return `${metadata?.namespace || "default"}/${metadata?.name ?? ""}`;
}

function byName<T extends { readonly metadata?: ObjectMeta }>(objects: readonly T[]): Map<string, T> {
  return new Map(objects.map((object) => [object.metadata?.name ?? "", object]));
}

/** Lists by key, which is empty for objects without one. */
function grouped<T>(objects: readonly T[], keyOf: (object: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const object of objects) {
    const key = keyOf(object) ?? "";
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [object]);
    else group.push(object);
  }
  return groups;
}
