import type { PodTemplate } from "../cluster/specs.ts";
import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../kubernetes/storage-object.ts";
import { type Status, unresolvable } from "../scheduler/status.ts";
import { csiAffinity, csiHandle, inTreePlugin, Untranslatable } from "./csi-translation.ts";
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
  claimVolumesOf,
  classNamed,
  notOwnedBy,
  volumeNamed,
} from "./storage-objects.ts";
import { type Shape, storageScore } from "./storage-score.ts";
import { mayUse, type Served, serveOn } from "./storage-serving.ts";

/** VolumeBinding with its arguments; the emptiest node scores best when there is no shape (upstream: plugins/volumebinding). */
export function referenceVolumeBinding({
  shape = [
    { utilization: 0, score: 10 },
    { utilization: 100, score: 0 },
  ],
}: {
  readonly shape?: Shape;
}): ReferencePlugin {
  return {
    preFilter(pod, cluster) {
      if (claimVolumesOf(pod).length === 0) return "skip";
      const { rejected } = claimsOf(pod, cluster);
      return rejected && { rejected };
    },
    filter(pod, node, cluster) {
      const { bound, served } = look(pod, node, cluster);
      const reasons: string[] = [];
      if (bound === "elsewhere") reasons.push("node(s) didn't match PersistentVolume's node affinity");
      if (served.problem === "no volume") {
        reasons.push("node(s) didn't find available persistent volumes to bind");
      }
      if (served.problem === "no room") reasons.push("node(s) did not have enough free storage");
      if (bound === "gone") {
        reasons.push("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)");
      }
      return reasons.length === 0 ? undefined : unresolvable(...reasons);
    },
    score(pod, node, cluster) {
      return storageScore(shape, look(pod, node, cluster).served);
    },
    reserve(pod, node, cluster) {
      const { objects, promisedClaims } = cluster;
      const { bindings, provisions } = look(pod, node, cluster).served;
      const persistentVolumes = objects.persistentVolumes.map((volume): PersistentVolumeObject => {
        const binding = bindings.find((found) => found.volume === volume);
        if (binding === undefined) return volume;
        const { name = "", uid } = binding.claim.metadata ?? {};
        const namespace = namespaceOf(binding.claim);
        const claimRef = { name, namespace, uid: uid || `${namespace}/${name}` };
        return { ...volume, spec: { ...volume.spec, claimRef } };
      });
      const persistentVolumeClaims = objects.persistentVolumeClaims.map((claim) => {
        if (!provisions.some((provision) => provision.claim === claim)) return claim;
        const annotations = {
          ...claim.metadata?.annotations,
          "volume.kubernetes.io/selected-node": node.name,
        };
        return { ...claim, metadata: { ...claim.metadata, annotations } };
      });
      return { objects: { ...objects, persistentVolumes, persistentVolumeClaims }, promisedClaims };
    },
  };
}

const NOTHING_SERVED: Served = { problem: undefined, bindings: [], provisions: [] };

/** What would happen to the pod's claims on a node; nothing when PreFilter rejects the pod. */
function look(
  pod: PodTemplate,
  node: ReferenceNode,
  cluster: ReferenceCluster,
): { readonly bound: "here" | "elsewhere" | "gone"; readonly served: Served } {
  const { rejected, bound, delayed } = claimsOf(pod, cluster);
  if (rejected !== undefined) return { bound: "here", served: NOTHING_SERVED };
  return { bound: boundVolumes(bound, node, cluster), served: serveOn(delayed, node, cluster) };
}

function boundVolumes(
  claims: readonly PersistentVolumeClaimObject[],
  node: ReferenceNode,
  cluster: ReferenceCluster,
): "here" | "elsewhere" | "gone" {
  for (const { spec } of claims) {
    const volume = volumeNamed(cluster, spec?.volumeName);
    if (volume === undefined) return "gone";
    if (!mayUse(asOnNode(volume, node, cluster), node)) return "elsewhere";
  }
  return "here";
}

/** The volume with the affinity that its CSI driver gives it, where its in-tree plugin was migrated. */
function asOnNode(
  volume: PersistentVolumeObject,
  { name }: ReferenceNode,
  { objects }: ReferenceCluster,
): PersistentVolumeObject {
  const csiNode = objects.csiNodes.find(({ metadata }) => metadata?.name === name);
  const migrated = csiNode?.metadata?.annotations?.["storage.alpha.kubernetes.io/migrated-plugins"] ?? "";
  const plugin = inTreePlugin(volume.spec ?? {});
  if (plugin === undefined || !migrated.split(",").includes(plugin)) return volume;
  try {
    csiHandle(volume.spec ?? {}, volume.metadata?.labels);
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    throw new CycleFailure(`could not translate pv: ${error.message}`);
  }
  const required = csiAffinity(volume);
  return { ...volume, spec: { ...volume.spec, ...(required && { nodeAffinity: { required } }) } };
}

interface Claims {
  readonly rejected?: Status;
  readonly bound: readonly PersistentVolumeClaimObject[];
  /** They wait for the pod to get a node. */
  readonly delayed: readonly PersistentVolumeClaimObject[];
}

function claimsOf(pod: PodTemplate, cluster: ReferenceCluster): Claims {
  const reject = (text: string): Claims => ({ rejected: unresolvable(text), bound: [], delayed: [] });
  const claims: PersistentVolumeClaimObject[] = [];
  for (const { claimName, ephemeral } of claimVolumesOf(pod)) {
    const claim = claimNamed(cluster, pod, claimName);
    if (claim === undefined && ephemeral) {
      return reject(
        `waiting for ephemeral volume controller to create the persistentvolumeclaim "${claimName}"`,
      );
    }
    if (claim === undefined) return reject(claimNotFound(claimName));
    const { metadata, spec, status } = claim;
    if (status?.phase === "Lost") {
      return reject(
        `persistentvolumeclaim "${claimName}" bound to non-existent persistentvolume "${spec?.volumeName ?? ""}"`,
      );
    }
    if (metadata?.deletionTimestamp !== undefined) {
      return reject(`persistentvolumeclaim "${claimName}" is being deleted`);
    }
    const foreign = ephemeral ? notOwnedBy(pod, claim) : undefined;
    if (foreign !== undefined) return reject(foreign);
    claims.push(claim);
  }
  const kinds = claims.map((claim) => kindOf(claim, cluster));
  if (kinds.includes("immediate")) return reject("pod has unbound immediate PersistentVolumeClaims");
  return {
    bound: claims.filter((_, i) => kinds[i] === "bound"),
    delayed: claims.filter((_, i) => kinds[i] === "delayed"),
  };
}

function kindOf(
  { metadata, spec }: PersistentVolumeClaimObject,
  cluster: ReferenceCluster,
): "bound" | "delayed" | "immediate" {
  const hasVolume = (spec?.volumeName ?? "") !== "";
  if (hasVolume && metadata?.annotations?.["pv.kubernetes.io/bind-completed"] !== undefined) return "bound";
  const storageClass = classNamed(cluster, spec?.storageClassName);
  if (storageClass !== undefined && storageClass.volumeBindingMode === undefined) {
    throw new CycleFailure(`VolumeBindingMode not set for StorageClass "${spec?.storageClassName}"`);
  }
  const waits = storageClass?.volumeBindingMode === "WaitForFirstConsumer";
  return waits && !hasVolume ? "delayed" : "immediate";
}
