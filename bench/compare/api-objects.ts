import type { ObjectMeta } from "../../src/kubernetes/object-meta.ts";
import type { Surroundings } from "../../src/workload/scenario.ts";
import type { ScriptObject } from "./script.ts";

/** The group and version of each kind that a scheduler reads beside pods and nodes, as Kubernetes v1.37 has them. */
const API_VERSIONS: Readonly<Record<string, string>> = {
  Namespace: "v1",
  Service: "v1",
  ReplicationController: "v1",
  PersistentVolume: "v1",
  PersistentVolumeClaim: "v1",
  Deployment: "apps/v1",
  ReplicaSet: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  Job: "batch/v1",
  CronJob: "batch/v1",
  PodDisruptionBudget: "policy/v1",
  PriorityClass: "scheduling.k8s.io/v1",
  StorageClass: "storage.k8s.io/v1",
  CSINode: "storage.k8s.io/v1",
  CSIDriver: "storage.k8s.io/v1",
  CSIStorageCapacity: "storage.k8s.io/v1",
  VolumeAttachment: "storage.k8s.io/v1",
  DeviceClass: "resource.k8s.io/v1",
  ResourceClaim: "resource.k8s.io/v1",
  ResourceClaimTemplate: "resource.k8s.io/v1",
  ResourceSlice: "resource.k8s.io/v1",
};

/** Objects as the API serves them, each with its group and version; groups of pods have none here. */
export function apiObjects(surroundings: Partial<Surroundings>): ScriptObject[] {
  const lists = Object.values(surroundings) as readonly (readonly Partial<ScriptObject>[])[];
  return lists.flat().map((object) => {
    const kind = object.kind ?? "";
    const apiVersion = object.apiVersion ?? API_VERSIONS[kind];
    if (apiVersion === undefined)
      throw new Error(`invalid workload for a comparison: ${kind || "object"}; a script has no words for it`);
    const metadata: ObjectMeta | undefined = object.metadata;
    return { ...object, apiVersion, kind, metadata };
  });
}
