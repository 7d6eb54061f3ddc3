import type { Cluster } from "../../src/cluster/cluster.ts";
import type { KubernetesObjects } from "../../src/kubernetes/kubernetes-objects.ts";
import { changedList } from "../../src/kubernetes/list-lineage.ts";
import { NO_OBJECTS } from "../../src/kubernetes/no-objects.ts";
import { ObjectCollector } from "../../src/kubernetes/object-collector.ts";
import type { EventObjects, QueueEvent } from "../../src/scheduler/queue/queue-event.ts";
import { queueEvent } from "../../src/scheduler/queue/queue-event.ts";
import type { ScriptObject } from "./script.ts";

type Lists = Omit<KubernetesObjects, "finishedPods">;

/** Lists of objects whose changes the queue hears of; with the rest it has nothing to do. */
const RESOURCES: Readonly<Partial<Record<keyof Lists, keyof EventObjects>>> = {
  persistentVolumes: "PersistentVolume",
  persistentVolumeClaims: "PersistentVolumeClaim",
  storageClasses: "storage.k8s.io/StorageClass",
  csiNodes: "storage.k8s.io/CSINode",
  csiStorageCapacities: "storage.k8s.io/CSIStorageCapacity",
  deviceClasses: "resource.k8s.io/DeviceClass",
  resourceClaims: "resource.k8s.io/ResourceClaim",
  resourceSlices: "resource.k8s.io/ResourceSlice",
};

/** Objects that came together, so that they can go together. */
export type PlayedObjects = KubernetesObjects;

/** @throws Error when an object of a script cannot be read */
export function decodeObjects(objects: readonly ScriptObject[]): PlayedObjects {
  const collector = new ObjectCollector();
  for (const object of objects) {
    const [problem] = collector.add(object);
    if (problem !== undefined)
      throw new Error(`invalid object in script: ${object.kind} ${object.metadata?.name}: ${problem.what}`);
  }
  return collector.objects();
}

/** Objects join those of the cluster; returns what the queue is to hear. */
export function addObjects(
  cluster: Cluster,
  objects: PlayedObjects,
): { event: QueueEvent; after: EventObjects[keyof EventObjects] }[] {
  const events: { event: QueueEvent; after: EventObjects[keyof EventObjects] }[] = [];
  cluster.objects = changed(cluster.objects, objects, (after) => ({ before: undefined, after }));
  for (const [list, resource] of Object.entries(RESOURCES) as [keyof Lists, keyof EventObjects][]) {
    const event = queueEvent(resource, "Add");
    for (const after of objects[list])
      events.push({ event, after: after as EventObjects[keyof EventObjects] });
  }
  return events;
}

/** Objects that came together go again. Only churn takes objects away, and none that the queue hears of. */
export function removeObjects(cluster: Cluster, objects: PlayedObjects): void {
  cluster.objects = changed(cluster.objects, objects, (before) => ({ before, after: undefined }));
}

function changed(
  before: KubernetesObjects,
  objects: PlayedObjects,
  change: (object: object) => { readonly before: object | undefined; readonly after: object | undefined },
): KubernetesObjects {
  const replaced: Partial<Record<keyof Lists, readonly object[]>> = {};
  for (const list of Object.keys(NO_OBJECTS) as (keyof KubernetesObjects)[]) {
    if (list === "finishedPods" || objects[list].length === 0) continue;
    replaced[list] = changedList<object>(before[list], objects[list].map(change));
  }
  return { ...before, ...(replaced as Partial<Lists>) };
}
