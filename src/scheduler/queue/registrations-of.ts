import type { ClusterEvent } from "../cluster-event.ts";
import type { Plugin } from "../plugin.ts";
import { defaultRegistrations } from "./default-registrations.ts";
import { type EventRegistration, registrar } from "./event-registration.ts";
import { gangSchedulingEvents } from "./hints/gang-scheduling.ts";
import type { ActionName, EventResource } from "./queue-event.ts";

const nodeUpdates: readonly ActionName[] = [
  "UpdateNodeAllocatable",
  "UpdateNodeLabel",
  "UpdateNodeTaint",
  "UpdateNodeCondition",
  "UpdateNodeAnnotation",
  "UpdateNodeDeclaredFeature",
];

const changes: Readonly<Record<ClusterEvent, readonly [EventResource, readonly ActionName[]]>> = {
  AssignedPodAdd: ["AssignedPod", ["Add"]],
  AssignedPodDelete: ["AssignedPod", ["Delete"]],
  NodeAdd: ["Node", ["Add"]],
  NodeUpdate: ["Node", nodeUpdates],
  NodeDelete: ["Node", ["Delete"]],
};

/**
 * What a plugin without a list of events hears of (upstream: framework.UnrollWildCardResource): all changes of these kinds,
 * VolumeAttachment and ResourceSlice left out.
 */
const everyChange: readonly EventResource[] = [
  "AssignedPod",
  "UnscheduledPod",
  "TargetPod",
  "Node",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "storage.k8s.io/CSINode",
  "storage.k8s.io/CSIDriver",
  "storage.k8s.io/CSIStorageCapacity",
  "storage.k8s.io/StorageClass",
  "resource.k8s.io/ResourceClaim",
  "resource.k8s.io/DeviceClass",
];

const byPlugin = new Map<string, EventRegistration[]>();
for (const registration of [...defaultRegistrations, ...gangSchedulingEvents]) {
  const own = byPlugin.get(registration.plugin);
  if (own === undefined) byPlugin.set(registration.plugin, [registration]);
  else own.push(registration);
}

/**
 * Which changes a profile's plugins want to hear of, in profile order: a plugin of kube-scheduler's what it registers there,
 * hints and all; another one what its `eventsToRegister` says, without hints.
 */
export function registrationsOf(plugins: readonly Plugin[]): EventRegistration[] {
  return plugins.flatMap(({ name, eventsToRegister }) => {
    const upstream = byPlugin.get(name);
    if (upstream !== undefined) return upstream;
    const on = registrar(name);
    if (eventsToRegister === undefined) {
      return everyChange.map((resource) => on(resource, ["Add", "Delete", "Update"]));
    }
    return eventsToRegister.map((event) => on(...changes[event]));
  });
}
