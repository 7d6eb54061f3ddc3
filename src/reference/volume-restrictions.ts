import type { PodTemplate } from "../cluster/specs.ts";
import type { Volume } from "../kubernetes/volume.ts";
import { unresolvable, unschedulable } from "../scheduler/status.ts";
import { namespaceOf, type ReferenceCluster, type ReferencePlugin } from "./reference-plugin.ts";
import { claimNamed, claimNotFound, claimVolumesOf, volumesOf } from "./storage-objects.ts";

/** Upstream: plugins/volumerestrictions. */
export const referenceVolumeRestrictions: ReferencePlugin = {
  preFilter(pod, cluster) {
    for (const { claimName, ephemeral } of claimVolumesOf(pod)) {
      if (!ephemeral && claimNamed(cluster, pod, claimName) === undefined) {
        return { rejected: unresolvable(claimNotFound(claimName)) };
      }
    }
    const wants = volumesOf(pod).some(
      (volume) =>
        volume.gcePersistentDisk !== undefined ||
        volume.awsElasticBlockStore !== undefined ||
        volume.rbd !== undefined ||
        volume.iscsi !== undefined,
    );
    return wants || exclusiveClaimsInUse(pod, cluster) > 0 ? undefined : "skip";
  },
  filter(pod, node, cluster) {
    for (const { pod: existing } of node.pods) {
      for (const theirs of volumesOf(existing)) {
        if (volumesOf(pod).some((ours) => clash(ours, theirs))) {
          return unschedulable("node(s) had no available disk");
        }
      }
    }
    if (conflicts(pod, cluster) <= 0) return undefined;
    return unschedulable(
      "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod",
    );
  },
};

/** Counted once, and moved by each use of such a claim when pods come and go in thought. */
function conflicts(pod: PodTemplate, cluster: ReferenceCluster): number {
  const { before, changes } = cluster.thought ?? { before: cluster, changes: [] };
  let count = exclusiveClaimsInUse(pod, before);
  for (const { placed, by } of changes) {
    if (namespaceOf(placed.pod.object) !== namespaceOf(pod.object)) continue;
    const names = exclusiveClaims(pod, before);
    count += by * plainClaims(placed.pod).filter((name) => names.includes(name)).length;
  }
  return count;
}

/** How many of the pod's claims that only one pod may use are used by a pod on some node. */
function exclusiveClaimsInUse(pod: PodTemplate, cluster: ReferenceCluster): number {
  const others = cluster.nodes
    .flatMap(({ pods }) => pods)
    .filter(({ pod: other }) => namespaceOf(other.object) === namespaceOf(pod.object));
  return exclusiveClaims(pod, cluster).filter((name) =>
    others.some(({ pod: other }) => plainClaims(other).includes(name)),
  ).length;
}

/** Names of the pod's claims with access mode ReadWriteOncePod, each once. */
function exclusiveClaims(pod: PodTemplate, cluster: ReferenceCluster): string[] {
  return [...new Set(plainClaims(pod))].filter((name) =>
    claimNamed(cluster, pod, name)?.spec?.accessModes?.includes("ReadWriteOncePod"),
  );
}

/** Names of claims that a pod names itself. */
function plainClaims(pod: PodTemplate): string[] {
  return claimVolumesOf(pod)
    .filter(({ ephemeral }) => !ephemeral)
    .map(({ claimName }) => claimName);
}

function clash(ours: Volume, theirs: Volume): boolean {
  const gce = [ours.gcePersistentDisk, theirs.gcePersistentDisk];
  if (gce[0] !== undefined && gce[1] !== undefined && gce[0].pdName === gce[1].pdName) {
    if (gce[0].readOnly !== true || gce[1].readOnly !== true) return true;
  }
  const ebs = [ours.awsElasticBlockStore, theirs.awsElasticBlockStore];
  if (ebs[0] !== undefined && ebs[1] !== undefined && ebs[0].volumeID === ebs[1].volumeID) return true;
  const iscsi = [ours.iscsi, theirs.iscsi];
  if (iscsi[0] !== undefined && iscsi[1] !== undefined && iscsi[0].iqn === iscsi[1].iqn) {
    if (iscsi[0].readOnly !== true || iscsi[1].readOnly !== true) return true;
  }
  const rbd = [ours.rbd, theirs.rbd];
  if (rbd[0] === undefined || rbd[1] === undefined) return false;
  const common = (rbd[0].monitors ?? []).filter((monitor) => (rbd[1]?.monitors ?? []).includes(monitor));
  if (common.length === 0 || rbd[0].pool !== rbd[1].pool || rbd[0].image !== rbd[1].image) return false;
  return rbd[0].readOnly !== true || rbd[1].readOnly !== true;
}
