import type { PodObject } from "../../../kubernetes/pod.ts";
import { namespaceOf } from "./affinity-terms.ts";

/** Names of the volume claims that a pod uses, those made for it (`<pod>-<volume>`) among them. */
function volumeClaimNames({ metadata = {}, spec = {} }: PodObject): string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim !== undefined) return [persistentVolumeClaim.claimName ?? ""];
    return ephemeral === undefined ? [] : [`${metadata.name}-${name}`];
  });
}

/** Names of the claims that a pod's volumes name themselves; claims made for the pod alone cannot be shared, and are left out. */
export function namedClaims({ spec = {} }: PodObject): string[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) =>
    persistentVolumeClaim === undefined ? [] : [persistentVolumeClaim.claimName ?? ""],
  );
}

interface Named {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/** Whether the pod uses a volume claim. */
export function usesClaim(pod: PodObject, claim: Named | undefined): boolean {
  if (claim === undefined || namespaceOf(claim) !== namespaceOf(pod)) return false;
  return volumeClaimNames(pod).includes(claim.metadata?.name ?? "");
}

/** Whether one of the pod's volumes names the claim. */
export function namesClaim(pod: PodObject, claim: Named | undefined): boolean {
  if (claim === undefined || namespaceOf(claim) !== namespaceOf(pod)) return false;
  return namedClaims(pod).includes(claim.metadata?.name ?? "");
}
