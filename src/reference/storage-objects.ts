import type { PodTemplate } from "../cluster/specs.ts";
import type {
  PersistentVolumeClaimObject,
  PersistentVolumeObject,
  StorageClassObject,
} from "../kubernetes/storage-object.ts";
import type { Volume } from "../kubernetes/volume.ts";
import { namespaceOf, type ReferenceCluster, specOf } from "./reference-plugin.ts";

/** A volume of a pod that stands for a claim. */
export interface ClaimVolume {
  /** Of the claim: as written, or `<pod>-<volume>` for one that is made for the pod. */
  readonly claimName: string;
  readonly ephemeral: boolean;
}

export function volumesOf(pod: PodTemplate): readonly Volume[] {
  return specOf(pod).volumes ?? [];
}

export function claimVolumeOf(pod: PodTemplate, volume: Volume): ClaimVolume | undefined {
  if (volume.persistentVolumeClaim !== undefined) {
    return { claimName: volume.persistentVolumeClaim.claimName ?? "", ephemeral: false };
  }
  if (volume.ephemeral === undefined) return undefined;
  return { claimName: `${pod.object.metadata?.name ?? ""}-${volume.name ?? ""}`, ephemeral: true };
}

export function claimVolumesOf(pod: PodTemplate): ClaimVolume[] {
  return volumesOf(pod).flatMap((volume) => claimVolumeOf(pod, volume) ?? []);
}

/** The claim of that name in the pod's namespace. */
export function claimNamed(
  { objects }: ReferenceCluster,
  pod: PodTemplate,
  name: string,
): PersistentVolumeClaimObject | undefined {
  return objects.persistentVolumeClaims.find(
    (claim) => claim.metadata?.name === name && namespaceOf(claim) === namespaceOf(pod.object),
  );
}

export function volumeNamed({ objects }: ReferenceCluster, name = ""): PersistentVolumeObject | undefined {
  return objects.persistentVolumes.find((volume) => volume.metadata?.name === name);
}

export function classNamed({ objects }: ReferenceCluster, name = ""): StorageClassObject | undefined {
  return objects.storageClasses.find((storageClass) => storageClass.metadata?.name === name);
}

export function claimNotFound(name: string): string {
  return `persistentvolumeclaim "${name}" not found`;
}

/** The claim of an ephemeral volume belongs to the pod that controls it; a text when that is another one. */
export function notOwnedBy(pod: PodTemplate, claim: PersistentVolumeClaimObject): string | undefined {
  const podName = `${namespaceOf(pod.object)}/${pod.object.metadata?.name ?? ""}`;
  const podUid = pod.object.metadata?.uid || podName;
  const owners = claim.metadata?.ownerReferences ?? [];
  if (owners.find(({ controller }) => controller === true)?.uid === podUid) return undefined;
  return `PVC ${namespaceOf(claim)}/${claim.metadata?.name} was not created for pod ${podName} (pod is not owner)`;
}
