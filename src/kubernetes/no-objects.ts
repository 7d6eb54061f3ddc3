import type { KubernetesObjects } from "./kubernetes-objects.ts";

/** A cluster of which nothing is known but its pods and nodes. */
export const NO_OBJECTS: KubernetesObjects = {
  pods: [],
  nodes: [],
  namespaces: [],
  owners: [],
  services: [],
  priorityClasses: [],
  podDisruptionBudgets: [],
  persistentVolumeClaims: [],
  persistentVolumes: [],
  storageClasses: [],
  csiNodes: [],
  csiDrivers: [],
  csiStorageCapacities: [],
  volumeAttachments: [],
  deviceClasses: [],
  resourceClaims: [],
  resourceClaimTemplates: [],
  resourceSlices: [],
  others: [],
  finishedPods: 0,
};
