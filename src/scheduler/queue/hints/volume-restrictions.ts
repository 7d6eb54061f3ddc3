import type { Volume } from "../../../kubernetes/volume.ts";
import { registrar } from "../event-registration.ts";
import { namespaceOf } from "./affinity-terms.ts";
import { namedClaims, namesClaim } from "./pod-claims.ts";

const on = registrar("VolumeRestrictions");

export const volumeRestrictionsEvents = [
  on("AssignedPod", ["Delete"], (pod, before) => {
    if (before === undefined || namespaceOf(before) !== namespaceOf(pod)) return false;
    const freed = before.spec?.volumes ?? [];
    const claims = namedClaims(before);
    return (
      (pod.spec?.volumes ?? []).some((volume) => freed.some((other) => conflict(volume, other))) ||
      namedClaims(pod).some((claim) => claims.includes(claim))
    );
  }),
  on("Node", ["Add"]),
  on("PersistentVolumeClaim", ["Add"], (pod, _before, after) => namesClaim(pod, after)),
];

/** Two pods cannot use the disk on one node. */
function conflict(a: Volume, b: Volume): boolean {
  if (a.gcePersistentDisk && b.gcePersistentDisk) {
    const bothRead = a.gcePersistentDisk.readOnly === true && b.gcePersistentDisk.readOnly === true;
    if (a.gcePersistentDisk.pdName === b.gcePersistentDisk.pdName && !bothRead) return true;
  }
  if (a.awsElasticBlockStore && b.awsElasticBlockStore) {
    if (a.awsElasticBlockStore.volumeID === b.awsElasticBlockStore.volumeID) return true;
  }
  if (a.iscsi && b.iscsi) {
    const bothRead = a.iscsi.readOnly === true && b.iscsi.readOnly === true;
    if (a.iscsi.iqn === b.iscsi.iqn && !bothRead) return true;
  }
  if (a.rbd && b.rbd) {
    const { monitors = [], pool, image } = a.rbd;
    const shared = monitors.some((monitor) => (b.rbd?.monitors ?? []).includes(monitor));
    const bothRead = a.rbd.readOnly === true && b.rbd.readOnly === true;
    if (shared && pool === b.rbd.pool && image === b.rbd.image && !bothRead) return true;
  }
  return false;
}
