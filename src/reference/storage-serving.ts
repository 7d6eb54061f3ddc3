import type {
  CSIStorageCapacityObject,
  PersistentVolumeClaimObject,
  PersistentVolumeObject,
} from "../kubernetes/storage-object.ts";
import { CycleFailure } from "./cycle-failure.ts";
import { labelSelectorMatches } from "./label-selector-matches.ts";
import { termMatches } from "./node-selector-terms.ts";
import { namespaceOf, type ReferenceCluster, type ReferenceNode } from "./reference-plugin.ts";
import { bytes, nanoOf, requestedBy, sizeOf } from "./storage-amounts.ts";
import { classNamed } from "./storage-objects.ts";

/** What claims without a volume would get on a node: volumes that there are, and volumes to be made. */
export interface Served {
  readonly problem: "no volume" | "no room" | undefined;
  readonly bindings: readonly {
    readonly claim: PersistentVolumeClaimObject;
    readonly volume: PersistentVolumeObject;
  }[];
  readonly provisions: readonly {
    readonly claim: PersistentVolumeClaimObject;
    /** Where the storage would come from, when somebody keeps count of it. */
    readonly pool: CSIStorageCapacityObject | undefined;
  }[];
}

/** Upstream: FindPodVolumes of plugins/volumebinding/binder.go. */
export function serveOn(
  claims: readonly PersistentVolumeClaimObject[],
  node: ReferenceNode,
  cluster: ReferenceCluster,
): Served {
  const selected = (claim: PersistentVolumeClaimObject): string | undefined =>
    claim.metadata?.annotations?.["volume.kubernetes.io/selected-node"];
  const elsewhere = claims.some((claim) => selected(claim) !== undefined && selected(claim) !== node.name);
  if (elsewhere) return { problem: "no volume", bindings: [], provisions: [] };

  const toMatch = claims
    .filter((claim) => selected(claim) === undefined)
    .sort((a, b) => Number(requestedBy(a) - requestedBy(b)));
  const bindings: Served["bindings"][number][] = [];
  const unmatched: PersistentVolumeClaimObject[] = [];
  for (const claim of toMatch) {
    const left = cluster.objects.persistentVolumes.filter(
      (volume) => !bindings.some((binding) => binding.volume === volume),
    );
    const volume = findMatchingVolume(claim, left, node);
    if (volume === undefined) unmatched.push(claim);
    else bindings.push({ claim, volume });
  }

  const provisions: Served["provisions"][number][] = [];
  for (const claim of [...claims.filter((one) => selected(one) !== undefined), ...unmatched]) {
    const found = provision(claim, node, cluster);
    if (typeof found === "string") return { problem: found, bindings, provisions };
    provisions.push({ claim, pool: found.pool });
  }
  return { problem: undefined, bindings, provisions };
}

/** Whether a volume's node affinity lets a node use it; the selector is not told the node's name. */
export function mayUse(volume: PersistentVolumeObject, node: ReferenceNode): boolean {
  const required = volume.spec?.nodeAffinity?.required;
  if (required === undefined) return true;
  return (required.nodeSelectorTerms ?? []).some((term) => termMatches(term, { ...node, name: "" }));
}

function findMatchingVolume(
  claim: PersistentVolumeClaimObject,
  volumes: readonly PersistentVolumeObject[],
  node: ReferenceNode,
): PersistentVolumeObject | undefined {
  const wanted = claim.spec ?? {};
  const suitable = volumes.filter(
    (volume) =>
      (volume.spec?.storageClassName ?? "") === (wanted.storageClassName ?? "") &&
      sizeOf(volume) >= requestedBy(claim) &&
      (volume.spec?.volumeMode ?? "Filesystem") === (wanted.volumeMode ?? "Filesystem") &&
      (volume.spec?.volumeAttributesClassName ?? "") === (wanted.volumeAttributesClassName ?? "") &&
      volume.metadata?.deletionTimestamp === undefined,
  );
  const reserved = suitable.find((volume) => isReservedFor(claim, volume));
  if (reserved !== undefined) return mayUse(reserved, node) ? reserved : undefined;
  const free = suitable.filter(
    (volume) =>
      volume.spec?.claimRef === undefined &&
      volume.status?.phase === "Available" &&
      (wanted.selector === undefined ||
        labelSelectorMatches(wanted.selector, volume.metadata?.labels ?? {})) &&
      (wanted.accessModes ?? []).every((mode) => volume.spec?.accessModes?.includes(mode)) &&
      mayUse(volume, node),
  );
  return free.find((volume) => free.every((other) => sizeOf(volume) <= sizeOf(other)));
}

function isReservedFor(claim: PersistentVolumeClaimObject, volume: PersistentVolumeObject): boolean {
  const reference = volume.spec?.claimRef;
  if (reference === undefined) return false;
  const { name, uid } = claim.metadata ?? {};
  const namespace = namespaceOf(claim);
  if (reference.name !== name || (reference.namespace || "default") !== namespace) return false;
  return (reference.uid ?? "") === "" || reference.uid === (uid || `${namespace}/${name}`);
}

function provision(
  claim: PersistentVolumeClaimObject,
  node: ReferenceNode,
  cluster: ReferenceCluster,
): "no volume" | "no room" | { readonly pool: CSIStorageCapacityObject | undefined } {
  const className = claim.spec?.storageClassName ?? "";
  const storageClass = classNamed(cluster, className);
  if (storageClass === undefined) throw new CycleFailure(`failed to find storage class "${className}"`);
  const { provisioner = "", allowedTopologies = [] } = storageClass;
  if (provisioner === "" || provisioner === "kubernetes.io/no-provisioner") return "no volume";
  const labels = node.object.metadata?.labels ?? {};
  const allowed = allowedTopologies.some(({ matchLabelExpressions = [] }) => {
    if (matchLabelExpressions.length === 0) return false;
    return matchLabelExpressions.every(({ key = "", values = [] }) => values.includes(labels[key]));
  });
  if (allowedTopologies.length > 0 && !allowed) return "no volume";

  const driver = cluster.objects.csiDrivers.find(({ metadata }) => metadata?.name === provisioner);
  const asks = claim.spec?.resources?.requests?.["storage"] !== undefined;
  if (!asks || driver?.spec?.storageCapacity !== true) return { pool: undefined };
  const request = bytes(requestedBy(claim));
  const pool = cluster.objects.csiStorageCapacities.find((candidate) => {
    const limit = candidate.maximumVolumeSize ?? candidate.capacity;
    return (
      candidate.storageClassName === className &&
      limit !== undefined &&
      bytes(nanoOf(limit)) >= request &&
      labelSelectorMatches(candidate.nodeTopology, labels)
    );
  });
  return pool === undefined ? "no room" : { pool };
}
