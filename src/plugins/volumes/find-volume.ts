import { compileLabelSelector } from "../../kubernetes/label-selector.ts";
import { qualifiedName } from "../../kubernetes/lists-by-key.ts";
import { labelsOf } from "../../kubernetes/object-meta.ts";
import { compareQuantity } from "../../kubernetes/quantity.ts";
import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../../kubernetes/storage-object.ts";
import { requestOf, sizeOf } from "./storage-size.ts";
import { nodeMayUse } from "./volume-affinity.ts";

/**
 * The volume that a claim would get on a node: the one that is reserved for it, if the node may use it, otherwise the
 * smallest that is large enough, the first among equals (upstream: FindMatchingVolume of component-helpers/storage/volume).
 * @param volumes those of the claim's class
 * @param chosen volumes that other claims of the pod get, passed over
 */
export function findVolume(
  claim: PersistentVolumeClaimObject,
  volumes: readonly PersistentVolumeObject[],
  chosen: ReadonlySet<PersistentVolumeObject>,
  nodeLabels: ReadonlyMap<string, string>,
): PersistentVolumeObject | undefined {
  const request = requestOf(claim);
  const selector = claim.spec?.selector && compileLabelSelector(claim.spec.selector);
  let smallest: PersistentVolumeObject | undefined;
  for (const volume of volumes) {
    if (chosen.has(volume)) continue;
    const reserved = volume.spec?.claimRef !== undefined;
    if (reserved && !isReservedFor(volume, claim)) continue;
    if (compareQuantity(sizeOf(volume), request) < 0 || !sameKind(claim, volume)) continue;
    if (volume.metadata?.deletionTimestamp !== undefined) continue;
    if (reserved) return nodeMayUse(volume, nodeLabels) ? volume : undefined;
    if (volume.status?.phase !== "Available") continue;
    if (selector !== undefined && !selector.matches(labelsOf(volume))) continue;
    if (!offersModes(volume, claim)) continue;
    if (smallest !== undefined && compareQuantity(sizeOf(smallest), sizeOf(volume)) <= 0) continue;
    if (nodeMayUse(volume, nodeLabels)) smallest = volume;
  }
  return smallest;
}

/** The identity of a claim, as a volume that is bound to it has it. */
export function claimUid(claim: PersistentVolumeClaimObject): string {
  return claim.metadata?.uid || qualifiedName(claim);
}

function isReservedFor({ spec }: PersistentVolumeObject, claim: PersistentVolumeClaimObject): boolean {
  const { name = "", namespace = "", uid = "" } = spec?.claimRef ?? {};
  return (
    `${namespace || "default"}/${name}` === qualifiedName(claim) && (uid === "" || uid === claimUid(claim))
  );
}

function sameKind(
  { spec: claim = {} }: PersistentVolumeClaimObject,
  { spec = {} }: PersistentVolumeObject,
): boolean {
  return (
    (claim.volumeMode ?? "Filesystem") === (spec.volumeMode ?? "Filesystem") &&
    (claim.volumeAttributesClassName ?? "") === (spec.volumeAttributesClassName ?? "")
  );
}

function offersModes({ spec }: PersistentVolumeObject, claim: PersistentVolumeClaimObject): boolean {
  const offered = spec?.accessModes ?? [];
  return (claim.spec?.accessModes ?? []).every((mode) => offered.includes(mode));
}
