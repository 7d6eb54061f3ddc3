import type { Cluster } from "../cluster/cluster.ts";
import { changedList } from "../kubernetes/list-lineage.ts";
import type { Surroundings } from "../workload/scenario.ts";
import type { Informers } from "./informers.ts";

type Lists = { -readonly [K in keyof Surroundings]: Surroundings[K] };

/** Objects beside pods and nodes are created: they join those that are there, and the scheduler hears of them. */
export function addObjects(cluster: Cluster, informers: Informers, added: Partial<Surroundings>): void {
  const joined: Partial<Lists> = {};
  for (const list of Object.keys(added) as (keyof Surroundings)[]) join(joined, cluster.objects, added, list);
  cluster.objects = { ...cluster.objects, ...joined };
  const objectChanged: Informers["objectChanged"] = (resource, before, after) =>
    informers.objectChanged(resource, before, after);
  for (const one of added.podGroups ?? []) objectChanged("scheduling.k8s.io/PodGroup", undefined, one);
  for (const one of added.persistentVolumes ?? []) objectChanged("PersistentVolume", undefined, one);
  for (const one of added.persistentVolumeClaims ?? [])
    objectChanged("PersistentVolumeClaim", undefined, one);
  for (const one of added.storageClasses ?? []) objectChanged("storage.k8s.io/StorageClass", undefined, one);
  for (const one of added.csiNodes ?? []) objectChanged("storage.k8s.io/CSINode", undefined, one);
  for (const one of added.csiStorageCapacities ?? []) {
    objectChanged("storage.k8s.io/CSIStorageCapacity", undefined, one);
  }
  for (const one of added.deviceClasses ?? []) objectChanged("resource.k8s.io/DeviceClass", undefined, one);
  for (const one of added.resourceSlices ?? [])
    objectChanged("resource.k8s.io/ResourceSlice", undefined, one);
  for (const one of added.resourceClaims ?? [])
    objectChanged("resource.k8s.io/ResourceClaim", undefined, one);
}

function join<List extends keyof Surroundings>(
  joined: Partial<Lists>,
  before: Surroundings,
  added: Partial<Surroundings>,
  list: List,
): void {
  const changes = (added[list] ?? []).map((after) => ({ before: undefined, after }));
  joined[list] = changedList<object>(before[list], changes) as Lists[List];
}
