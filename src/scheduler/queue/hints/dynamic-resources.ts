import { isDeepStrictEqual } from "node:util";
import type { ResourceClaimObject } from "../../../kubernetes/device-object.ts";
import type { PodObject } from "../../../kubernetes/pod.ts";
import { type ObjectLookup, registrar } from "../event-registration.ts";
import { podUid } from "../queued-pod.ts";
import { namespaceOf } from "./affinity-terms.ts";

const on = registrar("DynamicResources");

export const dynamicResourcesEvents = [
  on("Node", ["Add", "UpdateNodeLabel", "UpdateNodeAllocatable"]),
  on("resource.k8s.io/ResourceClaim", ["Add", "Update", "Delete"], (pod, before, after, lookup) => {
    const freed = before?.status?.allocation !== undefined && after?.status?.allocation === undefined;
    if (after === undefined) return freed;
    const claims = resourceClaims(pod, lookup);
    if (claims === undefined) return false;
    if (freed) return true;
    if (!claims.some((claim) => claimKey(claim) === claimKey(after))) return false;
    return before === undefined || !isDeepStrictEqual(before.status ?? {}, after.status ?? {});
  }),
  on("TargetPod", ["UpdatePodGeneratedResourceClaim"], (pod, _before, after, lookup) => {
    if (after === undefined || podUid(pod) !== podUid(after)) return false;
    return resourceClaims(after, lookup) !== undefined;
  }),
  on("resource.k8s.io/DeviceClass", ["Add", "Update"]),
  on("resource.k8s.io/ResourceSlice", ["Add", "Update"]),
];

/**
 * The claims of a pod; undefined when one of them is missing, going, or was made for another pod. One made from a template
 * must be owned by the pod; a template may turn out to need none.
 */
export function resourceClaims(pod: PodObject, lookup: ObjectLookup): ResourceClaimObject[] | undefined {
  const claims: ResourceClaimObject[] = [];
  for (const entry of pod.spec?.resourceClaims ?? []) {
    let name = entry.resourceClaimName;
    if (name === undefined) {
      const made = (pod.status?.resourceClaimStatuses ?? []).find((status) => status.name === entry.name);
      if (made === undefined) return undefined;
      name = made.resourceClaimName;
      if (name === undefined) continue;
    }
    const claim = lookup.resourceClaim(`${namespaceOf(pod)}/${name}`);
    if (claim === undefined || claim.metadata?.deletionTimestamp !== undefined) return undefined;
    if (entry.resourceClaimName === undefined && !isOwned(claim, pod)) return undefined;
    claims.push(claim);
  }
  return claims;
}

function isOwned({ metadata = {} }: ResourceClaimObject, pod: PodObject): boolean {
  const controller = (metadata.ownerReferences ?? []).find((owner) => owner.controller === true);
  return controller?.uid === podUid(pod);
}

function claimKey(claim: ResourceClaimObject): string {
  return `${namespaceOf(claim)}/${claim.metadata?.name}`;
}
