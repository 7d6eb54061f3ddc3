import { isDeepStrictEqual } from "node:util";
import type { PersistentVolumeObject } from "../../../kubernetes/storage-object.ts";
import { registrar } from "../event-registration.ts";
import { namesClaim } from "./pod-claims.ts";

const on = registrar("VolumeZone");

export const volumeZoneEvents = [
  // A class that binds at once needs no look at its volumes' zones here.
  on("storage.k8s.io/StorageClass", ["Add"], (_pod, _before, after) => {
    return after?.volumeBindingMode === "WaitForFirstConsumer";
  }),
  on("Node", ["Add", "UpdateNodeLabel"]),
  on("PersistentVolumeClaim", ["Add", "Update"], (pod, _before, after) => namesClaim(pod, after)),
  on("PersistentVolume", ["Add", "Update"], (_pod, before, after) => {
    if (before === undefined || after === undefined) return true;
    return !isDeepStrictEqual(zones(before), zones(after));
  }),
];

const zoneKeys = [
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
];

/** Per zone label the values that it allows; one with an empty part is ignored. */
function zones({ metadata = {} }: PersistentVolumeObject): [string, string[]][] {
  return zoneKeys.flatMap((key): [string, string[]][] => {
    const values = metadata.labels?.[key]?.split("__").map((value) => value.trim());
    if (values === undefined || values.includes("")) return [];
    return [[key, [...new Set(values)].sort()]];
  });
}
