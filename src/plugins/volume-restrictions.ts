import type { PodKind } from "../cluster/pod-kind.ts";
import type { Volume } from "../kubernetes/volume.ts";
import { type Cycle, definePlugin, type Judge } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unschedulable } from "../scheduler/status.ts";
import { signVolumes } from "./signing/sign-volumes.ts";
import { claimNotFound, podClaims } from "./volumes/pod-claims.ts";
import { storageOf } from "./volumes/storage.ts";

const NO_DISK = unschedulable("node(s) had no available disk");
const CLAIM_IN_USE = unschedulable(
  "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod",
);

/** What is looked up once: which claims allow one pod only, and how many of them some pod uses. */
interface Restrictions {
  /** Volumes named in the pod itself that two pods of a node cannot share. */
  readonly disks: readonly Volume[];
  /** Keys of claims with access mode ReadWriteOncePod. */
  readonly exclusive: ReadonlySet<string>;
  readonly conflicts: number;
}

/**
 * Disks that one pod of a node has to itself, and claims that one pod of the cluster has to itself (upstream:
 * plugins/volumerestrictions).
 */
export const volumeRestrictions = definePlugin({
  name: "VolumeRestrictions",
  reads: ({ spec }) => ((spec.volumes ?? []).length === 0 ? "nothing" : "cluster"),
  preFilter({ pod, cluster }) {
    for (const { name, key, ephemeral } of podClaims(pod)) {
      if (!ephemeral && !storageOf(cluster.objects).claims.has(key)) return { rejected: claimNotFound(name) };
    }
    return undefined;
  },
  filter(cycle) {
    const restrictions = restrictionsOf(cycle);
    if (restrictions === undefined) return undefined;
    const { disks, conflicts } = restrictions;
    return keepWhere((node) => conflicts === 0 && !diskTaken(cycle, disks, node));
  },
  judge(cycle) {
    const restrictions = restrictionsOf(cycle);
    return restrictions && judgeOf(cycle, restrictions.disks, () => restrictions.conflicts);
  },
  whatIf(cycle) {
    const restrictions = restrictionsOf(cycle);
    if (restrictions === undefined) return undefined;
    const { disks, exclusive } = restrictions;
    let { conflicts } = restrictions;
    return {
      judge: judgeOf(cycle, disks, () => conflicts),
      addPod: (_row, pod) => {
        conflicts += claimsUsed(pod, exclusive);
      },
      removePod: (_row, pod) => {
        conflicts -= claimsUsed(pod, exclusive);
      },
    };
  },
  sign: signVolumes,
  eventsToRegister: ["AssignedPodDelete", "NodeAdd"],
});

function restrictionsOf(cycle: Cycle): Restrictions | undefined {
  const { pod, cluster } = cycle;
  const { volumes } = pod.spec;
  if (volumes === undefined || volumes.length === 0) return undefined;
  const disks = volumes.filter(isDisk);
  const exclusive = new Set<string>();
  for (const { key, ephemeral } of podClaims(pod)) {
    const modes = ephemeral ? undefined : storageOf(cluster.objects).claims.get(key)?.spec?.accessModes;
    if (modes?.includes("ReadWriteOncePod")) exclusive.add(key);
  }
  const conflicts = exclusive.size === 0 ? 0 : claimsInUse(cycle, exclusive);
  return disks.length === 0 && conflicts === 0 ? undefined : { disks, exclusive, conflicts };
}

/** How many of the claims some placed pod uses. */
function claimsInUse({ nodes, cluster }: Cycle, exclusive: ReadonlySet<string>): number {
  const used = new Set<string>();
  for (const node of nodes.order) {
    for (const row of cluster.podsOn(node)) {
      for (const { key, ephemeral } of podClaims(cluster.kindOf(row))) {
        if (!ephemeral && exclusive.has(key)) used.add(key);
      }
    }
  }
  return used.size;
}

/** How many of the claims a pod uses: each of its volumes counts. */
function claimsUsed(pod: PodKind, exclusive: ReadonlySet<string>): number {
  return podClaims(pod).filter(({ key, ephemeral }) => !ephemeral && exclusive.has(key)).length;
}

/** The disk is named first when both stand in the way. */
function judgeOf(cycle: Cycle, disks: readonly Volume[], conflicts: () => number): Judge {
  return (node) => {
    if (diskTaken(cycle, disks, node)) return NO_DISK;
    return conflicts() > 0 ? CLAIM_IN_USE : undefined;
  };
}

function diskTaken({ cluster }: Cycle, disks: readonly Volume[], node: number): boolean {
  if (disks.length === 0) return false;
  return cluster
    .podsOn(node)
    .some((row) =>
      (cluster.kindOf(row).spec.volumes ?? []).some((taken) => disks.some((disk) => clash(disk, taken))),
    );
}

function isDisk({ gcePersistentDisk, awsElasticBlockStore, rbd, iscsi }: Volume): boolean {
  return (gcePersistentDisk ?? awsElasticBlockStore ?? rbd ?? iscsi) !== undefined;
}

/** One disk twice, unless both only read it; an EBS volume is not shared even then. */
function clash(a: Volume, b: Volume): boolean {
  if (a.gcePersistentDisk && b.gcePersistentDisk) {
    const same = a.gcePersistentDisk.pdName === b.gcePersistentDisk.pdName;
    if (same && !bothRead(a.gcePersistentDisk, b.gcePersistentDisk)) return true;
  }
  if (a.awsElasticBlockStore && b.awsElasticBlockStore) {
    if (a.awsElasticBlockStore.volumeID === b.awsElasticBlockStore.volumeID) return true;
  }
  if (a.iscsi && b.iscsi && a.iscsi.iqn === b.iscsi.iqn && !bothRead(a.iscsi, b.iscsi)) return true;
  if (a.rbd === undefined || b.rbd === undefined || bothRead(a.rbd, b.rbd)) return false;
  const { monitors = [], pool, image } = b.rbd;
  return (
    a.rbd.pool === pool && a.rbd.image === image && (a.rbd.monitors ?? []).some((m) => monitors.includes(m))
  );
}

function bothRead(a: { readonly readOnly?: boolean }, b: { readonly readOnly?: boolean }): boolean {
  return a.readOnly === true && b.readOnly === true;
}
