import type { PodKind } from "../../cluster/pod-kind.ts";
import type {
  PersistentVolumeClaimObject,
  PersistentVolumeObject,
  PersistentVolumeSpec,
} from "../../kubernetes/storage-object.ts";
import type { Volume } from "../../kubernetes/volume.ts";
import { notFoundText, ownershipProblem, podClaims } from "./pod-claims.ts";
import type { Storage } from "./storage.ts";

/** A volume that takes one of a node's places for volumes of its driver. */
export interface AttachableVolume {
  /** The driver and the handle; equal for two volumes that are one. */
  readonly id: string;
  readonly driver: string;
  /** Of an in-tree source, which counts for its CSI driver only where there is a CSINode. */
  readonly migrated: boolean;
}

/** The volumes of a pod; a problem is what upstream says of the first claim that is missing, or is someone else's. */
export interface PodVolumes {
  readonly volumes: readonly AttachableVolume[];
  readonly problem: { readonly kind: "missing" | "foreign"; readonly text: string } | undefined;
  /** The problem of a pod that runs already, whose missing claims do not count. */
  readonly foreign: string | undefined;
}

const known = new WeakMap<Storage, WeakMap<PodKind, PodVolumes>>();

/** Volumes of claims and in-tree volumes that are migrated to CSI; worked out once per kind of pod and set of objects. */
export function attachableVolumes(storage: Storage, pod: PodKind): PodVolumes {
  let ofStorage = known.get(storage);
  if (ofStorage === undefined) {
    ofStorage = new WeakMap();
    known.set(storage, ofStorage);
  }
  let found = ofStorage.get(pod);
  if (found === undefined) {
    found = workOut(storage, pod);
    ofStorage.set(pod, found);
  }
  return found;
}

/** Whether the volume is written in the pod itself and counts for a CSI driver. */
export function isMigrated(volume: Volume): boolean {
  return inTreeSource(volume) !== undefined;
}

export function volumeId(driver: string, handle: string): string {
  return `${driver}/${handle}`;
}

function workOut(storage: Storage, pod: PodKind): PodVolumes {
  const volumes: AttachableVolume[] = [];
  let problem: PodVolumes["problem"];
  let foreign: string | undefined;
  for (const volume of pod.spec.volumes ?? []) {
    const inTree = inTreeSource(volume);
    if (inTree !== undefined) volumes.push(inTree);
  }
  for (const { name, key, ephemeral } of podClaims(pod)) {
    const claim = storage.claims.get(key);
    if (claim === undefined) {
      problem ??= { kind: "missing", text: `looking up PVC ${key}: ${notFoundText(name)}` };
      continue;
    }
    const notOwned = ephemeral ? ownershipProblem(pod, claim) : undefined;
    if (notOwned !== undefined) {
      problem ??= { kind: "foreign", text: notOwned };
      foreign ??= notOwned;
      continue;
    }
    const volume = volumeOfClaim(storage, claim, key);
    if (volume !== undefined) volumes.push(volume);
  }
  return { volumes, problem, foreign };
}

function volumeOfClaim(
  storage: Storage,
  { spec }: PersistentVolumeClaimObject,
  key: string,
): AttachableVolume | undefined {
  const volume = storage.volumes.get(spec?.volumeName ?? "");
  if (volume !== undefined) return volumeOf(volume);
  const provisioner = storage.classes.get(spec?.storageClassName ?? "")?.provisioner ?? "";
  if (provisioner === "") return undefined;
  const migratedTo = inTreeProvisioners.get(provisioner);
  const driver = migratedTo ?? provisioner;
  // Upstream's handle is made of a random text and the claim, so that it equals no other.
  return { id: volumeId(driver, `\0${key}`), driver, migrated: migratedTo !== undefined };
}

function volumeOf({ spec = {} }: PersistentVolumeObject): AttachableVolume | undefined {
  if (spec.csi === undefined) return inTreeSource(spec);
  const { driver = "", volumeHandle = "" } = spec.csi;
  if (driver === "" || volumeHandle === "") return undefined;
  return { id: volumeId(driver, volumeHandle), driver, migrated: false };
}

/** In-tree provisioners and the CSI drivers that stand for them (upstream: csi-translation-lib). */
const inTreeProvisioners: ReadonlyMap<string, string> = new Map([
  ["kubernetes.io/aws-ebs", "ebs.csi.aws.com"],
  ["kubernetes.io/gce-pd", "pd.csi.storage.gke.io"],
  ["kubernetes.io/azure-disk", "disk.csi.azure.com"],
  ["kubernetes.io/cinder", "cinder.csi.openstack.org"],
  ["kubernetes.io/portworx-volume", "pxd.portworx.com"],
]);

function inTreeSource(source: Volume | PersistentVolumeSpec): AttachableVolume | undefined {
  const { awsElasticBlockStore: aws, gcePersistentDisk: gce, azureDisk, cinder, portworxVolume } = source;
  if (aws !== undefined) return migrated("kubernetes.io/aws-ebs", aws.volumeID);
  if (gce !== undefined) return migrated("kubernetes.io/gce-pd", gce.pdName);
  if (azureDisk !== undefined) return migrated("kubernetes.io/azure-disk", azureDisk.diskURI);
  if (cinder !== undefined) return migrated("kubernetes.io/cinder", cinder.volumeID);
  if (portworxVolume !== undefined) return migrated("kubernetes.io/portworx-volume", portworxVolume.volumeID);
  return undefined;
}

function migrated(provisioner: string, handle = ""): AttachableVolume {
  const driver = inTreeProvisioners.get(provisioner)!;
  return { id: volumeId(driver, handle), driver, migrated: true };
}
