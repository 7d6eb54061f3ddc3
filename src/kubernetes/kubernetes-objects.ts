import type {
  NamespaceObject,
  PodDisruptionBudgetObject,
  PriorityClassObject,
  ServiceObject,
  UntypedObject,
} from "./cluster-object.ts";
import type {
  DeviceClassObject,
  ResourceClaimObject,
  ResourceClaimTemplateObject,
  ResourceSliceObject,
} from "./device-object.ts";
import type { NodeObject } from "./node.ts";
import type { OwnerObject } from "./owner.ts";
import type { PodObject } from "./pod.ts";
import type { PodGroupObject } from "./pod-group.ts";
import type {
  CSIDriverObject,
  CSINodeObject,
  CSIStorageCapacityObject,
  PersistentVolumeClaimObject,
  PersistentVolumeObject,
  StorageClassObject,
  VolumeAttachmentObject,
} from "./storage-object.ts";

/** What was read, by kind, each list in the order of the input. Equal parts of objects may be one and the same object. */
export interface KubernetesObjects {
  readonly pods: readonly PodObject[];
  readonly nodes: readonly NodeObject[];
  readonly namespaces: readonly NamespaceObject[];
  /** Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs, CronJobs and ReplicationControllers. */
  readonly owners: readonly OwnerObject[];
  readonly services: readonly ServiceObject[];
  readonly priorityClasses: readonly PriorityClassObject[];
  readonly podDisruptionBudgets: readonly PodDisruptionBudgetObject[];
  readonly podGroups: readonly PodGroupObject[];
  readonly persistentVolumeClaims: readonly PersistentVolumeClaimObject[];
  readonly persistentVolumes: readonly PersistentVolumeObject[];
  readonly storageClasses: readonly StorageClassObject[];
  readonly csiNodes: readonly CSINodeObject[];
  readonly csiDrivers: readonly CSIDriverObject[];
  readonly csiStorageCapacities: readonly CSIStorageCapacityObject[];
  readonly volumeAttachments: readonly VolumeAttachmentObject[];
  readonly deviceClasses: readonly DeviceClassObject[];
  readonly resourceClaims: readonly ResourceClaimObject[];
  readonly resourceClaimTemplates: readonly ResourceClaimTemplateObject[];
  readonly resourceSlices: readonly ResourceSliceObject[];
  /** Objects of every other kind. */
  readonly others: readonly UntypedObject[];
  /** Pods in phase Succeeded or Failed that were left out: the scheduler's informers do not see them. */
  readonly finishedPods: number;
}
