import type { PodKind } from "../../cluster/pod-kind.ts";
import type { ResourceClaimObject } from "../../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import { byQualifiedName } from "../../kubernetes/lists-by-key.ts";
import type { PodObject } from "../../kubernetes/pod.ts";
import { type Status, unresolvable } from "../../scheduler/status.ts";

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
    const claim = byQualifiedName(resourceClaims).get(`${namespace}/${claimName}`);
    if (claim === undefined) {
      return { rejected: unresolvable(`could not find ResourceClaim "${namespace}/${claimName}"`) };
    }
    if (claim.metadata?.deletionTimestamp !== undefined) {
      return { rejected: unresolvable(`resourceclaim "${claimName}" is being deleted`) };
    }
    if (resourceClaimName === undefined && !isMadeFor(object, namespace, claim)) {
      const whose = `for Pod ${namespace}/${object.metadata?.name} (Pod is not owner)`;
      return { rejected: unresolvable(`ResourceClaim ${namespace}/${claimName} was not created ${whose}`) };
    }
    claims.push(claim);
  }
  return { claims };
}

/** Whether the pod controls the claim; a pod without an identity goes by its name. */
function isMadeFor({ metadata = {} }: PodObject, namespace: string, claim: ResourceClaimObject): boolean {
  const controller = claim.metadata?.ownerReferences?.find((owner) => owner.controller === true);
  return controller !== undefined && controller.uid === (metadata.uid || `${namespace}/${metadata.name}`);
}
