import type { PodKind } from "../../cluster/pod-kind.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../../kubernetes/storage-object.ts";
import { type CsiVolume, inTreeDrivers, migratedInline, migratedVolume } from "./csi-migration.ts";
import { notFoundText, ownershipProblem, type PodClaim, podClaims } from "./pod-claims.ts";
import type { Storage } from "./storage.ts";

/** A volume that takes one of a node's places for volumes of its driver. */
export interface AttachableVolume {
  /** The driver and the handle; equal for two volumes that are one. */
  readonly id: string;
  readonly driver: string;
}

/** The volumes of a pod; a problem is what upstream says of the first volume that something is wrong with. */
export interface PodVolumes {
  readonly volumes: readonly AttachableVolume[];
  readonly problem: { readonly kind: "missing" | "broken"; readonly text: string } | undefined;
  /** The problem of a pod that runs already, whose missing claims do not count. */
  readonly broken: string | undefined;
}

/** In-tree volumes count for the CSI driver that stands for them on nodes with a CSINode only. */
interface PodVolumesByNode {
  readonly withCsiNode: PodVolumes;
  readonly without: PodVolumes;
}

/** What was worked out for a kind of pod, and of what. */
interface Known {
  objects: KubernetesObjects;
  readonly claims: readonly (PersistentVolumeClaimObject | undefined)[];
  readonly volumes: readonly (PersistentVolumeObject | undefined)[];
  readonly result: PodVolumesByNode;
}

const known = new WeakMap<PodKind, Known>();

/** Volumes of claims and in-tree volumes that are migrated to CSI; kept per kind of pod while its claims stay what they are. */
export function attachableVolumes(storage: Storage, pod: PodKind): PodVolumesByNode {
  const before = known.get(pod);
  if (before !== undefined && (before.objects === storage.objects || isGood(before, storage, pod))) {
    before.objects = storage.objects;
    return before.result;
  }
  const claims = podClaims(pod).map(({ key }) => storage.claims.get(key));
  const volumes = claims.map((claim) => volumeFor(storage, claim));
  const result = { withCsiNode: workOut(storage, pod, true), without: workOut(storage, pod, false) };
  known.set(pod, { objects: storage.objects, claims, volumes, result });
  return result;
}

function isGood({ objects, claims, volumes }: Known, storage: Storage, pod: PodKind): boolean {
  const now = storage.objects;
  if (objects.storageClasses !== now.storageClasses) return false;
  if (
    objects.persistentVolumeClaims === now.persistentVolumeClaims &&
    objects.persistentVolumes === now.persistentVolumes
  ) {
    return true;
  }
  return podClaims(pod).every(
    ({ key }, i) => storage.claims.get(key) === claims[i] && volumeFor(storage, claims[i]) === volumes[i],
  );
}

function volumeFor(
  storage: Storage,
  claim: PersistentVolumeClaimObject | undefined,
): PersistentVolumeObject | undefined {
  return claim && storage.volumes.get(claim.spec?.volumeName ?? "");
}

export function volumeId(driver: string, handle: string): string {
  return `${driver}/${handle}`;
}

function workOut(storage: Storage, pod: PodKind, migrates: boolean): PodVolumes {
  const volumes: AttachableVolume[] = [];
  let problem: PodVolumes["problem"];
  let broken: string | undefined;
  const breaks = (text: string): void => {
    problem ??= { kind: "broken", text };
    broken ??= text;
  };
  const claims = podClaims(pod).values();
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined) {
      const inline = migrates ? migratedInline(volume) : undefined;
      if (typeof inline === "string")
        breaks(`converting volume(${volume.name}) from inline to csi: ${inline}`);
      else if (inline !== undefined) volumes.push(attachable(inline));
      continue;
    }
    const { name, key, ephemeral }: PodClaim = claims.next().value!;
    if (name === "") {
      breaks("PersistentVolumeClaim had no name");
      continue;
    }
    const claim = storage.claims.get(key);
    if (claim === undefined) {
      problem ??= { kind: "missing", text: `looking up PVC ${key}: ${notFoundText(name)}` };
      continue;
    }
    const notOwned = ephemeral ? ownershipProblem(pod, claim) : undefined;
    if (notOwned !== undefined) {
      breaks(notOwned);
      continue;
    }
    const found = volumeOfClaim(storage, claim, key, migrates);
    if (found !== undefined && found.driver !== "" && found.handle !== "") volumes.push(attachable(found));
  }
  return { volumes, problem, broken };
}

/** In-tree provisioners that upstream knows how to translate, and does not. */
const notMigrated: ReadonlySet<string> = new Set([
  "kubernetes.io/azure-file",
  "kubernetes.io/vsphere-volume",
]);

function attachable({ driver, handle }: CsiVolume): AttachableVolume {
  return { id: volumeId(driver, handle), driver };
}

function volumeOfClaim(
  storage: Storage,
  { spec }: PersistentVolumeClaimObject,
  key: string,
  migrates: boolean,
): CsiVolume | undefined {
  const volume = storage.volumes.get(spec?.volumeName ?? "");
  if (volume?.spec?.csi !== undefined) {
    const { driver = "", volumeHandle = "" } = volume.spec.csi;
    return { driver, handle: volumeHandle };
  }
  if (volume !== undefined) {
    const found = migrates ? migratedVolume(volume) : undefined;
    // One that cannot be translated is not counted.
    return typeof found === "string" ? undefined : found;
  }
  const provisioner = storage.classes.get(spec?.storageClassName ?? "")?.provisioner ?? "";
  const migratedTo = inTreeDrivers.get(provisioner);
  if (notMigrated.has(provisioner) || (migratedTo !== undefined && !migrates)) return undefined;
  // Upstream's handle is made of a random text and the claim, so that it equals no other.
  return { driver: migratedTo ?? provisioner, handle: `\0${key}` };
}
