import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { ObjectMeta } from "../kubernetes/object-meta.ts";
import type { PersistentVolumeClaimObject } from "../kubernetes/storage-object.ts";
import { counted, type ListedPod } from "./listed-pod.ts";

/** What pods claim, of volumes and of devices, and the snapshot does not contain, with its effect on decisions. */
export function snapshotClaimNotes(
  objects: KubernetesObjects,
  pods: readonly ListedPod[],
): readonly string[] {
  return [...volumeNotes(objects, pods), ...deviceNotes(objects, pods)];
}

function volumeNotes(objects: KubernetesObjects, pods: readonly ListedPod[]): string[] {
  const claims = new Map(objects.persistentVolumeClaims.map((claim) => [keyOf(claim), claim]));
  const mounted = new Set<PersistentVolumeClaimObject>();
  let without = 0;
  for (const { namespace, name, spec } of pods) {
    let lacks = false;
    for (const volume of spec.volumes ?? []) {
      const claimName =
        volume.ephemeral === undefined
          ? volume.persistentVolumeClaim?.claimName
          : `${name}-${volume.name ?? ""}`;
      if (claimName === undefined) continue;
      const claim = claims.get(`${namespace}/${claimName}`);
      if (claim === undefined) lacks = true;
      else mounted.add(claim);
    }
    if (lacks) without++;
  }
  const notes: string[] = [];
  if (without > 0) {
    notes.push(
      `${counted(without, "pod")} mount a PersistentVolumeClaim that is not in the snapshot: pending ones stay pending, and running ones use up no attachments.`,
    );
  }
  const volumes = new Set(objects.persistentVolumes.map(({ metadata }) => metadata?.name ?? ""));
  const classes = new Set(objects.storageClasses.map(({ metadata }) => metadata?.name ?? ""));
  let lost = 0;
  let classless = 0;
  for (const { spec } of mounted) {
    const { volumeName = "", storageClassName = "" } = spec ?? {};
    if (volumeName !== "") lost += volumes.has(volumeName) ? 0 : 1;
    else if (storageClassName !== "") classless += classes.has(storageClassName) ? 0 : 1;
  }
  if (lost > 0) {
    notes.push(
      `${counted(lost, "claim")} are bound to a PersistentVolume that is not in the snapshot: pending pods that mount one fit nowhere.`,
    );
  }
  if (classless > 0) {
    notes.push(
      `${counted(classless, "unbound claim")} name a StorageClass that is not in the snapshot: pending pods that mount one stay pending.`,
    );
  }
  if (mounted.size > 0 && objects.csiNodes.length === 0) {
    notes.push(
      "No CSINode is in the snapshot: how many volumes a node can attach does not restrict where pods go.",
    );
  }
  return notes;
}

function deviceNotes(objects: KubernetesObjects, pods: readonly ListedPod[]): string[] {
  const claims = new Set(objects.resourceClaims.map(keyOf));
  const templates = new Set(objects.resourceClaimTemplates.map(keyOf));
  let claiming = 0;
  let without = 0;
  for (const { namespace, spec, status } of pods) {
    const wanted = spec.resourceClaims ?? [];
    if (wanted.length === 0) continue;
    claiming++;
    const has = wanted.every(({ name, resourceClaimName, resourceClaimTemplateName }) => {
      const made = status?.resourceClaimStatuses?.find((entry) => entry.name === name);
      const claim = resourceClaimName ?? made?.resourceClaimName;
      if (claim === undefined)
        return made !== undefined || templates.has(`${namespace}/${resourceClaimTemplateName}`);
      return claims.has(`${namespace}/${claim}`);
    });
    if (!has) without++;
  }
  const notes: string[] = [];
  if (without > 0) {
    notes.push(
      `${counted(without, "pod")} have a ResourceClaim that is not in the snapshot: pending ones stay gated, and the devices of running ones count as free.`,
    );
  }
  if (claiming > 0 && objects.resourceSlices.length === 0) {
    notes.push("No ResourceSlice is in the snapshot: pods whose claims have no devices yet fit nowhere.");
  }
  return notes;
}

function keyOf({ metadata }: { readonly metadata?: ObjectMeta }): string {
  return `${metadata?.namespace ?? "default"}/${metadata?.name ?? ""}`;
}
