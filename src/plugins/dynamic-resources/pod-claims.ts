import type { PodKind } from "../../cluster/pod-kind.ts";
import type { ResourceClaimObject } from "../../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import { type Status, unresolvable } from "../../scheduler/status.ts";

const byList = new WeakMap<KubernetesObjects["resourceClaims"], ReadonlyMap<string, ResourceClaimObject>>();

/** `namespace/name`. */
export function claimLabel({ metadata = {} }: ResourceClaimObject): string {
  return `${metadata.namespace || "default"}/${metadata.name}`;
}

/** The claims of a pod in the order of its spec, or why there are not all of them. */
export function podClaims(
  { namespace, object, spec }: PodKind,
  { resourceClaims }: KubernetesObjects,
): { readonly claims: readonly ResourceClaimObject[] } | { readonly rejected: Status } {
  const claims: ResourceClaimObject[] = [];
  for (const { name, resourceClaimName, resourceClaimTemplateName } of spec.resourceClaims ?? []) {
    const pod = `pod "${namespace}/${object.metadata?.name}"`;
    let claimName = resourceClaimName;
    if (claimName === undefined) {
      if (resourceClaimTemplateName === undefined) {
        return {
          rejected: unresolvable(
            `${pod}, spec.resourceClaim "${name}": none of the supported fields are set`,
          ),
        };
      }
      const generated = object.status?.resourceClaimStatuses?.find((entry) => entry.name === name);
      if (generated === undefined) return { rejected: unresolvable(`${pod}: ResourceClaim not created yet`) };
      // The controller decided that no claim is needed.
      if (generated.resourceClaimName === undefined) continue;
      claimName = generated.resourceClaimName;
    }
    const claim = claimsByLabel(resourceClaims).get(`${namespace}/${claimName}`);
    if (claim === undefined) {
      return { rejected: unresolvable(`could not find ResourceClaim "${namespace}/${claimName}"`) };
    }
    if (claim.metadata?.deletionTimestamp !== undefined) {
      return { rejected: unresolvable(`resourceclaim "${claimName}" is being deleted`) };
    }
    claims.push(claim);
  }
  return { claims };
}

function claimsByLabel(
  resourceClaims: KubernetesObjects["resourceClaims"],
): ReadonlyMap<string, ResourceClaimObject> {
  let known = byList.get(resourceClaims);
  if (known === undefined) {
    known = new Map(resourceClaims.map((claim) => [claimLabel(claim), claim]));
    byList.set(resourceClaims, known);
  }
  return known;
}
