import type { PodKind } from "../../cluster/pod-kind.ts";
import { qualifiedName } from "../../kubernetes/lists-by-key.ts";
import type { PersistentVolumeClaimObject } from "../../kubernetes/storage-object.ts";
import { type Status, unresolvable } from "../../scheduler/status.ts";

/** A claim that a pod's volume names, or that is made for the pod. */
export interface PodClaim {
  readonly name: string;
  /** `namespace/name`. */
  readonly key: string;
  readonly ephemeral: boolean;
}

const known = new WeakMap<PodKind, readonly PodClaim[]>();

/** The claims of a pod's volumes, in the order of its volumes; an ephemeral one is named `<pod>-<volume>`. */
export function podClaims(pod: PodKind): readonly PodClaim[] {
  let claims = known.get(pod);
  if (claims === undefined) {
    claims = (pod.spec.volumes ?? []).flatMap((volume) => {
      const { persistentVolumeClaim, ephemeral } = volume;
      if (persistentVolumeClaim === undefined && ephemeral === undefined) return [];
      const name =
        persistentVolumeClaim === undefined
          ? `${pod.object.metadata?.name ?? ""}-${volume.name ?? ""}`
          : (persistentVolumeClaim.claimName ?? "");
      return [{ name, key: `${pod.namespace}/${name}`, ephemeral: persistentVolumeClaim === undefined }];
    });
    known.set(pod, claims);
  }
  return claims;
}

export function claimNotFound(name: string): Status {
  return unresolvable(notFoundText(name));
}

export function notFoundText(name: string): string {
  return `persistentvolumeclaim ${JSON.stringify(name)} not found`;
}

/** What upstream says of an ephemeral volume's claim that was made for someone else; undefined when it is the pod's own. */
export function ownershipProblem(pod: PodKind, claim: PersistentVolumeClaimObject): string | undefined {
  const { name = "", uid } = pod.object.metadata ?? {};
  const podKey = `${pod.namespace}/${name}`;
  const controller = claim.metadata?.ownerReferences?.find((owner) => owner.controller === true);
  if (controller !== undefined && controller.uid === (uid || podKey)) return undefined;
  return `PVC ${qualifiedName(claim)} was not created for pod ${podKey} (pod is not owner)`;
}
