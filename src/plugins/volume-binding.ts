import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { changedList } from "../kubernetes/list-lineage.ts";
import type { NodeObject } from "../kubernetes/node.ts";
import { labelsOf } from "../kubernetes/object-meta.ts";
import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../kubernetes/storage-object.ts";
import { type Cycle, definePlugin, type Judge, type Plugin, zeroForEveryNode } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unresolvable } from "../scheduler/status.ts";
import type { ShapePoint } from "./scoring/shape-table.ts";
import { signVolumes } from "./signing/sign-volumes.ts";
import { claimsToBind } from "./volumes/claims-to-bind.ts";
import { claimUid } from "./volumes/find-volume.ts";
import { anywhereVolumes, type NodeVolumes, nodeVolumes } from "./volumes/node-volumes.ts";
import { podClaims } from "./volumes/pod-claims.ts";
import { storageOf } from "./volumes/storage.ts";
import { storageScore } from "./volumes/storage-score.ts";

/** Arguments as in KubeSchedulerConfiguration; how long a binding may take decides nothing here. */
export interface VolumeBindingArgs {
  /** From how full (0..100) a node's storage would be to score (0..10); the emptiest scores best when absent. */
  readonly shape?: readonly ShapePoint[];
}

const EMPTIEST_BEST: readonly ShapePoint[] = [
  { utilization: 0, score: 10 },
  { utilization: 100, score: 0 },
];

/**
 * Nodes that may use the volumes of the pod's bound claims, and on which those without one would get a volume (upstream:
 * plugins/volumebinding). `reserveVolumes` says what is promised once the node is chosen.
 */
export function volumeBinding({ shape = EMPTIEST_BEST }: VolumeBindingArgs = {}): Plugin {
  const scoreOf = storageScore(shape);
  return definePlugin({
    name: "VolumeBinding",
    reads: ({ spec }) => ((spec.volumes ?? []).length === 0 ? "nothing" : "cluster"),
    preFilter({ pod, cluster }) {
      if (podClaims(pod).length === 0) return undefined;
      const claims = claimsToBind(storageOf(cluster.objects), pod);
      return typeof claims === "string" ? { rejected: unresolvable(claims) } : undefined;
    },
    filter(cycle) {
      const volumesOn = volumesByNode(cycle);
      return volumesOn && keepWhere((node) => volumesOn(node).reasons.length === 0);
    },
    judge(cycle): Judge | undefined {
      const volumesOn = volumesByNode(cycle);
      if (volumesOn === undefined) return undefined;
      return (node) => {
        const { reasons } = volumesOn(node);
        return reasons.length === 0 ? undefined : unresolvable(...reasons);
      };
    },
    score(cycle) {
      const volumesOn = volumesByNode(cycle);
      if (volumesOn === undefined) return zeroForEveryNode;
      return ({ rows, length }, scores) => {
        for (let i = 0; i < length; i++) scores[i] = scoreOf(volumesOn(rows[i]));
      };
    },
    reserve: reserveVolumes,
    sign: signVolumes,
    eventsToRegister: ["NodeAdd", "NodeUpdate"],
  });
}

/**
 * The cluster's objects once the pod is promised to a node: volumes reserved for its claims, claims that wait for a volume to
 * be made there (upstream: AssumePodVolumes). The same object when nothing is promised.
 @internal */
export function reserveVolumes(cycle: Cycle, node: number): KubernetesObjects {
  const { objects } = cycle.cluster;
  const promised = volumesByNode(cycle)?.(node);
  if (promised === undefined || promised.bindings.length + promised.provisions.length === 0) return objects;
  const nodeName = cycle.nodes.name(node);
  return {
    ...objects,
    persistentVolumes: changedList(
      objects.persistentVolumes,
      promised.bindings.map(({ claim, volume }) => ({ before: volume, after: reservedFor(claim, volume) })),
    ),
    persistentVolumeClaims: changedList(
      objects.persistentVolumeClaims,
      [...new Set(promised.provisions.map(({ claim }) => claim))].map((claim) => ({
        before: claim,
        after: waitingOn(nodeName, claim),
      })),
    ),
  };
}

/** What would happen to the pod's claims on a node; undefined for a pod without claims, and one that PreFilter turns down. */
function volumesByNode({ pod, nodes, cluster }: Cycle): ((node: number) => NodeVolumes) | undefined {
  if (podClaims(pod).length === 0) return undefined;
  const storage = storageOf(cluster.objects);
  const claims = claimsToBind(storage, pod);
  if (typeof claims === "string") return undefined;
  const anywhere = anywhereVolumes(storage, claims);
  if (anywhere !== undefined) return () => anywhere;
  return (node) => nodeVolumes(storage, claims, nodes.name(node), knownLabels(nodes.object(node)));
}

const labelsByNode = new WeakMap<NodeObject, ReadonlyMap<string, string>>();

function knownLabels(node: NodeObject): ReadonlyMap<string, string> {
  let labels = labelsByNode.get(node);
  if (labels === undefined) {
    labels = labelsOf(node);
    labelsByNode.set(node, labels);
  }
  return labels;
}

function reservedFor(
  claim: PersistentVolumeClaimObject,
  volume: PersistentVolumeObject,
): PersistentVolumeObject {
  const { name = "", namespace } = claim.metadata ?? {};
  const claimRef = { name, namespace: namespace || "default", uid: claimUid(claim) };
  return { ...volume, spec: { ...volume.spec, claimRef } };
}

function waitingOn(nodeName: string, claim: PersistentVolumeClaimObject): PersistentVolumeClaimObject {
  const annotations = { ...claim.metadata?.annotations, "volume.kubernetes.io/selected-node": nodeName };
  return { ...claim, metadata: { ...claim.metadata, annotations } };
}
