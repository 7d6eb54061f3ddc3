import { isDeepStrictEqual } from "node:util";
import { parseQuantity, wholeValue } from "../../../kubernetes/quantity.ts";
import type { CSIStorageCapacityObject } from "../../../kubernetes/storage-object.ts";
import { registrar } from "../event-registration.ts";
import { usesClaim } from "./pod-claims.ts";

const on = registrar("VolumeBinding");

const migratedPlugins = "storage.alpha.kubernetes.io/migrated-plugins";

export const volumeBindingEvents = [
  on("storage.k8s.io/StorageClass", ["Add", "Update"], (_pod, before, after) => {
    return before === undefined || !isDeepStrictEqual(before.allowedTopologies, after?.allowedTopologies);
  }),
  on("PersistentVolumeClaim", ["Add", "Update"], (pod, _before, after) => usesClaim(pod, after)),
  on("PersistentVolume", ["Add", "Update"]),
  on("Node", ["Add", "UpdateNodeLabel"]),
  on("storage.k8s.io/CSINode", ["Add", "Update"], (_pod, before, after) => {
    if (before === undefined) return true;
    return (
      before.metadata?.annotations?.[migratedPlugins] !== after?.metadata?.annotations?.[migratedPlugins]
    );
  }),
  // Only in-line CSI volumes are looked at.
  on("storage.k8s.io/CSIDriver", ["Update"], (pod, before, after) => {
    const name = after?.metadata?.name;
    const uses = (pod.spec?.volumes ?? []).some(({ csi }) => csi !== undefined && csi.driver === name);
    return uses && before?.spec?.storageCapacity === true && after?.spec?.storageCapacity !== true;
  }),
  on("storage.k8s.io/CSIStorageCapacity", ["Add", "Update"], (_pod, before, after) => {
    if (before === undefined) return true;
    const old = limit(before);
    const now = after && limit(after);
    return now !== undefined && (old === undefined || now > old);
  }),
];

function limit({ maximumVolumeSize, capacity }: CSIStorageCapacityObject): bigint | undefined {
  const amount = maximumVolumeSize ?? capacity;
  return amount === undefined ? undefined : wholeValue(parseQuantity(amount));
}
