import { InvariantViolation } from "../../base/errors.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import type { PersistentVolumeClaimObject } from "../../kubernetes/storage-object.ts";
import { notFoundText, ownershipProblem, type PodClaim, podClaims } from "./pod-claims.ts";
import type { Storage } from "./storage.ts";

/** A pod's claims, each list in the order of its volumes. */
export interface ClaimsToBind {
  readonly bound: readonly PersistentVolumeClaimObject[];
  /** Those that get a volume once the pod's node is known. */
  readonly delayed: readonly PersistentVolumeClaimObject[];
}

/** The pod's claims, or why it cannot be scheduled anywhere (upstream: PreFilter of plugins/volumebinding). */
export function claimsToBind(storage: Storage, pod: PodKind): ClaimsToBind | string {
  const claims: PersistentVolumeClaimObject[] = [];
  for (const podClaim of podClaims(pod)) {
    const claim = storage.claims.get(podClaim.key);
    if (claim === undefined) return missingText(podClaim);
    const problem = claimProblem(pod, podClaim, claim);
    if (problem !== undefined) return problem;
    claims.push(claim);
  }
  const bound: PersistentVolumeClaimObject[] = [];
  const delayed: PersistentVolumeClaimObject[] = [];
  let immediate = false;
  for (const claim of claims) {
    if (isBound(claim)) bound.push(claim);
    else if (waitsForNode(storage, claim) && !claim.spec?.volumeName) delayed.push(claim);
    else immediate = true;
  }
  return immediate ? "pod has unbound immediate PersistentVolumeClaims" : { bound, delayed };
}

function missingText({ name, ephemeral }: PodClaim): string {
  if (!ephemeral) return notFoundText(name);
  return `waiting for ephemeral volume controller to create the persistentvolumeclaim ${JSON.stringify(name)}`;
}

function claimProblem(
  pod: PodKind,
  { name, ephemeral }: PodClaim,
  claim: PersistentVolumeClaimObject,
): string | undefined {
  const subject = `persistentvolumeclaim ${JSON.stringify(name)}`;
  if (claim.status?.phase === "Lost") {
    return `${subject} bound to non-existent persistentvolume ${JSON.stringify(claim.spec?.volumeName ?? "")}`;
  }
  if (claim.metadata?.deletionTimestamp !== undefined) return `${subject} is being deleted`;
  return ephemeral ? ownershipProblem(pod, claim) : undefined;
}

function isBound({ metadata, spec }: PersistentVolumeClaimObject): boolean {
  return !!spec?.volumeName && metadata?.annotations?.["pv.kubernetes.io/bind-completed"] !== undefined;
}

function waitsForNode({ classes }: Storage, { spec }: PersistentVolumeClaimObject): boolean {
  const name = spec?.storageClassName ?? "";
  const storageClass = classes.get(name);
  if (storageClass === undefined) return false;
  if (storageClass.volumeBindingMode === undefined) {
    const text = `VolumeBindingMode not set for StorageClass ${JSON.stringify(name)}`;
    throw new InvariantViolation(`running PreFilter plugin "VolumeBinding": ${text}`);
  }
  return storageClass.volumeBindingMode === "WaitForFirstConsumer";
}
