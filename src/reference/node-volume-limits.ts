import type { PodTemplate } from "../cluster/specs.ts";
import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../kubernetes/storage-object.ts";
import type { Volume } from "../kubernetes/volume.ts";
import { unresolvable, unschedulable } from "../scheduler/status.ts";
import { CSI_DRIVERS, csiHandle, inTreePlugin, Untranslatable } from "./csi-translation.ts";
import { CycleFailure } from "./cycle-failure.ts";
import {
  namespaceOf,
  type ReferenceCluster,
  type ReferenceNode,
  type ReferencePlugin,
} from "./reference-plugin.ts";
import {
  claimNamed,
  claimNotFound,
  claimVolumeOf,
  claimVolumesOf,
  classNamed,
  notOwnedBy,
  volumeNamed,
  volumesOf,
} from "./storage-objects.ts";

/** A claim of an incoming pod that is not there. */
class MissingClaim extends Error {}

/** Upstream: plugins/nodevolumelimits/csi.go. */
export const referenceNodeVolumeLimits: ReferencePlugin = {
  preFilter(pod) {
    const counts =
      claimVolumesOf(pod).length > 0 || volumesOf(pod).some((volume) => inTreePlugin(volume) !== undefined);
    return counts ? undefined : "skip";
  },
  filter(pod, node, cluster) {
    let added: Map<string, string>;
    try {
      added = volumesOn(pod, node, cluster, true);
    } catch (error) {
      if (error instanceof MissingClaim) return unresolvable(error.message);
      throw error;
    }
    if (added.size === 0) return undefined;
    const drivers = csiNodeOf(node, cluster)?.spec?.drivers ?? [];
    for (const driver of added.values()) {
      const csiDriver = cluster.objects.csiDrivers.find(({ metadata }) => metadata?.name === driver);
      const mustBeThere = csiDriver?.spec?.preventPodSchedulingIfMissing === true;
      if (mustBeThere && !drivers.some(({ name }) => name === driver)) {
        return unschedulable(`${driver} CSI driver is not installed on the node`);
      }
    }
    const limits = new Map<string, number>();
    for (const { name = "", allocatable } of drivers) {
      if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
    }
    if (limits.size === 0) return undefined;
    const attached = new Map<string, string>();
    for (const { pod: existing } of node.pods) {
      for (const [volume, driver] of volumesOn(existing, node, cluster, false)) attached.set(volume, driver);
    }
    for (const volume of attached.keys()) added.delete(volume);
    for (const { spec } of cluster.objects.volumeAttachments) {
      if (spec?.nodeName !== node.name || !spec.attacher) continue;
      const csi = volumeNamed(cluster, spec.source?.persistentVolumeName)?.spec?.csi;
      if (csi !== undefined) attached.set(`${spec.attacher}/${csi.volumeHandle}`, spec.attacher);
    }
    for (const [driver, limit] of limits) {
      const more = [...added.values()].filter((other) => other === driver).length;
      const before = [...attached.values()].filter((other) => other === driver).length;
      if (more > 0 && before + more > limit) return unschedulable("node(s) exceed max volume count");
    }
    return undefined;
  },
};

function csiNodeOf({ name }: ReferenceNode, { objects }: ReferenceCluster) {
  return objects.csiNodes.find(({ metadata }) => metadata?.name === name);
}

/** Driver by `driver/handle` of the volumes that a pod attaches to a node, or has attached there. */
function volumesOn(
  pod: PodTemplate,
  node: ReferenceNode,
  cluster: ReferenceCluster,
  incoming: boolean,
): Map<string, string> {
  // In-tree volumes go by their CSI driver on nodes with a CSINode, and are not counted elsewhere.
  const migrates = csiNodeOf(node, cluster) !== undefined;
  const found = new Map<string, string>();
  const count = (driver = "", handle = ""): void => {
    if (driver !== "" && handle !== "") found.set(`${driver}/${handle}`, driver);
  };
  for (const volume of volumesOf(pod)) {
    const claimVolume = claimVolumeOf(pod, volume);
    if (claimVolume === undefined) {
      const plugin = migrates ? inTreePlugin(volume) : undefined;
      // Even one without a handle.
      if (plugin !== undefined) {
        const driver = CSI_DRIVERS[plugin]!;
        found.set(`${driver}/${inlineHandle(volume)}`, driver);
      }
      continue;
    }
    const { claimName, ephemeral } = claimVolume;
    if (claimName === "") throw new CycleFailure("PersistentVolumeClaim had no name");
    const claim = claimNamed(cluster, pod, claimName);
    if (claim === undefined) {
      if (!incoming) continue;
      throw new MissingClaim(
        `looking up PVC ${namespaceOf(pod.object)}/${claimName}: ${claimNotFound(claimName)}`,
      );
    }
    const problem = ephemeral ? notOwnedBy(pod, claim) : undefined;
    if (problem !== undefined) throw new CycleFailure(problem);
    const persistent = claim.spec?.volumeName ? volumeNamed(cluster, claim.spec.volumeName) : undefined;
    if (persistent === undefined) count(driverToBe(claim, cluster, migrates), handleToBe(claim));
    else if (persistent.spec?.csi === undefined) {
      const plugin = migrates ? inTreePlugin(persistent.spec ?? {}) : undefined;
      if (plugin !== undefined) count(CSI_DRIVERS[plugin], handleOf(persistent));
    } else count(persistent.spec.csi.driver, persistent.spec.csi.volumeHandle);
  }
  return found;
}

function inlineHandle(volume: Volume): string {
  try {
    return csiHandle(volume);
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    throw new CycleFailure(`converting volume(${volume.name}) from inline to csi: ${error.message}`);
  }
}

/** Empty for a volume that cannot be translated, which is not counted. */
function handleOf({ metadata, spec = {} }: PersistentVolumeObject): string {
  try {
    return csiHandle(spec, metadata?.labels);
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    return "";
  }
}

function driverToBe(
  { spec }: PersistentVolumeClaimObject,
  cluster: ReferenceCluster,
  migrates: boolean,
): string | undefined {
  const provisioner = classNamed(cluster, spec?.storageClassName)?.provisioner ?? "";
  const csi = CSI_DRIVERS[provisioner];
  if (csi === undefined) return provisioner;
  return migrates ? csi : undefined;
}

/** Stands for the handle that is not known yet: the same for the same claim. */
function handleToBe(claim: PersistentVolumeClaimObject): string {
  return `to be made for ${namespaceOf(claim)}/${claim.metadata?.name}`;
}
