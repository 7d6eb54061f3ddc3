import type {
  DeviceClassObject,
  ResourceClaimObject,
  ResourceSliceObject,
} from "../../kubernetes/device-object.ts";
import type { NodeObject } from "../../kubernetes/node.ts";
import type { PodObject } from "../../kubernetes/pod.ts";
import type { PodGroupObject } from "../../kubernetes/pod-group.ts";
import type {
  CSIDriverObject,
  CSINodeObject,
  CSIStorageCapacityObject,
  PersistentVolumeClaimObject,
  PersistentVolumeObject,
  StorageClassObject,
  VolumeAttachmentObject,
} from "../../kubernetes/storage-object.ts";

/** What changed; TargetPod is the waiting pod itself. Each with the object that the event carries. */
export interface EventObjects {
  readonly AssignedPod: PodObject;
  /** Told of only where pods are scheduled as groups. */
  readonly UnscheduledPod: PodObject;
  readonly TargetPod: PodObject;
  readonly Node: NodeObject;
  readonly PersistentVolume: PersistentVolumeObject;
  readonly PersistentVolumeClaim: PersistentVolumeClaimObject;
  readonly "storage.k8s.io/CSINode": CSINodeObject;
  readonly "storage.k8s.io/CSIDriver": CSIDriverObject;
  readonly "storage.k8s.io/CSIStorageCapacity": CSIStorageCapacityObject;
  readonly "storage.k8s.io/StorageClass": StorageClassObject;
  readonly "storage.k8s.io/VolumeAttachment": VolumeAttachmentObject;
  readonly "resource.k8s.io/ResourceClaim": ResourceClaimObject;
  readonly "resource.k8s.io/ResourceSlice": ResourceSliceObject;
  readonly "resource.k8s.io/DeviceClass": DeviceClassObject;
  readonly "scheduling.k8s.io/PodGroup": PodGroupObject;
}

export type EventResource = keyof EventObjects;
export type EventObject = EventObjects[EventResource];

/** Kinds of change as bits, the lowest first: their order as integers is part of the matching rule. */
export const Action = {
  Add: 1 << 0,
  Delete: 1 << 1,
  UpdateNodeAllocatable: 1 << 2,
  UpdateNodeLabel: 1 << 3,
  UpdateNodeTaint: 1 << 4,
  UpdateNodeCondition: 1 << 5,
  UpdateNodeAnnotation: 1 << 6,
  UpdateNodeDeclaredFeature: 1 << 7,
  UpdateNodePreemptionPolicy: 1 << 8,
  UpdatePodLabel: 1 << 9,
  UpdatePodScaleDown: 1 << 10,
  UpdatePodScaleUp: 1 << 11,
  UpdatePodToleration: 1 << 12,
  UpdatePodSchedulingGatesEliminated: 1 << 13,
  UpdatePodGeneratedResourceClaim: 1 << 14,
  /** A change of which nothing more is said: all updates, and those that have no name of their own. */
  Update: ((1 << 16) - 1) & ~0b11,
} as const;

export type ActionName = keyof typeof Action;

/** A change that may make waiting pods schedulable (upstream: framework.ClusterEvent); a wildcard has no resource. */
export interface QueueEvent {
  readonly resource: EventResource | "*";
  readonly actions: number;
  readonly label: string;
}

/** Pods waited for more than five minutes: whatever rejected them, they are tried again. */
export const unschedulableTimeout: QueueEvent = { resource: "*", actions: -1, label: "UnschedulableTimeout" };
/** Somebody asks for this very pod to be tried now. */
export const forceActivate: QueueEvent = { resource: "*", actions: -1, label: "ForceActivate" };

const known = new Map<string, QueueEvent>();

/** The event of one kind of change; its label is the two names together. */
export function queueEvent(resource: EventResource, action: ActionName): QueueEvent {
  const label = resource + action;
  let event = known.get(label);
  if (event === undefined) {
    event = { resource, actions: Action[action], label };
    known.set(label, event);
  }
  return event;
}

/**
 * Whether a registration is about an event: same resource, a common action, and the event is not wider, as an integer, than
 * what was registered, so that a generic update does not reach who asked for a narrow one.
 * Source: pkg/scheduler/framework/events.go.
 */
export function matches(registered: Omit<QueueEvent, "label">, { resource, actions }: QueueEvent): boolean {
  return (
    registered.resource === resource && (registered.actions & actions) !== 0 && actions <= registered.actions
  );
}
