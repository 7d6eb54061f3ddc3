import type { PodObject } from "../../../kubernetes/pod.ts";
import type { CSINodeObject } from "../../../kubernetes/storage-object.ts";
import { registrar } from "../event-registration.ts";
import { namespaceOf } from "./affinity-terms.ts";
import { namedClaims, usesClaim } from "./pod-claims.ts";

const on = registrar("NodeVolumeLimits");

export const nodeVolumeLimitsEvents = [
  on("storage.k8s.io/CSINode", ["Add", "Update"], (_pod, before, after) => {
    if (before === undefined || after === undefined) return true;
    const old = limits(before);
    for (const [driver, limit] of limits(after)) {
      const was = old.get(driver);
      if (was === undefined || limit > was) return true;
    }
    return false;
  }),
  on("AssignedPod", ["Delete"], (_pod, before) => before !== undefined && takesVolumes(before)),
  on("PersistentVolumeClaim", ["Add"], (pod, _before, after) => usesClaim(pod, after)),
  on("storage.k8s.io/VolumeAttachment", ["Delete"], (pod, before, _after, lookup) => {
    const volume = before?.spec?.source?.persistentVolumeName;
    return namedClaims(pod).some((name) => {
      const claim = lookup.volumeClaim(`${namespaceOf(pod)}/${name}`);
      // A claim that is not there is an error of the hint, and then the pod is tried.
      return claim === undefined || (volume !== undefined && claim.spec?.volumeName === volume);
    });
  }),
];

function limits({ spec = {} }: CSINodeObject): Map<string, number> {
  const found = new Map<string, number>();
  for (const { name = "", allocatable } of spec.drivers ?? []) {
    if (allocatable?.count !== undefined) found.set(name, allocatable.count);
  }
  return found;
}

/** Whether the pod was placed with volumes that may count against a driver's limit. */
function takesVolumes({ spec = {}, status = {} }: PodObject): boolean {
  if (!spec.nodeName && !status.nominatedNodeName) return false;
  return (spec.volumes ?? []).some(
    (volume) =>
      volume.persistentVolumeClaim !== undefined ||
      volume.ephemeral !== undefined ||
      volume.awsElasticBlockStore !== undefined ||
      volume.gcePersistentDisk !== undefined ||
      volume.azureDisk !== undefined ||
      volume.cinder !== undefined ||
      volume.portworxVolume !== undefined,
  );
}
