import type { PodTemplate } from "../cluster/specs.ts";
import { type Status, unresolvable } from "../scheduler/status.ts";
import type { ReferenceCluster, ReferencePlugin } from "./reference-plugin.ts";
import { claimNamed, claimNotFound, classNamed, volumeNamed, volumesOf } from "./storage-objects.ts";

const LABELS = [
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
];

/** Upstream: plugins/volumezone. */
export const referenceVolumeZone: ReferencePlugin = {
  preFilter(pod, cluster) {
    const { rejected, topologies } = look(pod, cluster);
    if (rejected !== undefined) return { rejected };
    return topologies.length === 0 ? "skip" : undefined;
  },
  filter(pod, node, cluster) {
    const labels = node.object.metadata?.labels ?? {};
    if (!LABELS.some((label) => labels[label] !== undefined)) return undefined;
    const { rejected, topologies } = look(pod, cluster);
    if (rejected !== undefined) return undefined;
    for (const { label, values } of topologies) {
      const value = labels[label] ?? labels[label.replace("failure-domain.beta", "topology")];
      if (value === undefined || !values.includes(value)) {
        return unresolvable("node(s) had no available volume zone");
      }
    }
    return undefined;
  },
};

interface Topology {
  readonly label: string;
  readonly values: readonly string[];
}

/** The zones and regions that the pod's volumes are in, or why the pod fits nowhere. */
function look(
  pod: PodTemplate,
  cluster: ReferenceCluster,
): { readonly rejected?: Status; readonly topologies: Topology[] } {
  const topologies: Topology[] = [];
  const reject = (text: string) => ({ rejected: unresolvable(text), topologies: [] });
  for (const { persistentVolumeClaim } of volumesOf(pod)) {
    if (persistentVolumeClaim === undefined) continue;
    const { claimName = "" } = persistentVolumeClaim;
    if (claimName === "") return reject("PersistentVolumeClaim had no name");
    const claim = claimNamed(cluster, pod, claimName);
    if (claim === undefined) return reject(claimNotFound(claimName));
    const { volumeName = "", storageClassName = "" } = claim.spec ?? {};
    if (volumeName === "") {
      if (storageClassName === "") {
        return reject("PersistentVolumeClaim had no pv name and storageClass name");
      }
      const storageClass = classNamed(cluster, storageClassName);
      if (storageClass === undefined) {
        return reject(`storageclass.storage.k8s.io "${storageClassName}" not found`);
      }
      if (storageClass.volumeBindingMode === undefined) {
        return reject(`VolumeBindingMode not set for StorageClass "${storageClassName}"`);
      }
      if (storageClass.volumeBindingMode === "WaitForFirstConsumer") continue;
      return reject("PersistentVolume had no name");
    }
    const volume = volumeNamed(cluster, volumeName);
    if (volume === undefined) return reject(`persistentvolume "${volumeName}" not found`);
    for (const label of LABELS) {
      const text = volume.metadata?.labels?.[label];
      if (text === undefined) continue;
      const values = text.split("__").map((part) => part.trim());
      if (!values.includes("")) topologies.push({ label, values });
    }
  }
  return { topologies };
}
