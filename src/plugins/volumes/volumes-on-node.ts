import type { PodKind } from "../../cluster/pod-kind.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import type { NodeObject } from "../../kubernetes/node.ts";
import type { CSINodeObject, VolumeAttachmentObject } from "../../kubernetes/storage-object.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import { attachableVolumes } from "./attachable-volumes.ts";
import type { Storage } from "./storage.ts";

/** What a node's CSINode says, and the VolumeAttachments to the node. */
export interface NodeAttachments {
  readonly csiNode: CSINodeObject | undefined;
  /** How many volumes of a driver the node takes, for drivers that say so. */
  readonly limits: ReadonlyMap<string, number>;
  readonly attachments: readonly VolumeAttachmentObject[];
}

/** The volumes of a node's pods. */
interface VolumesOnNode {
  /** With repetitions. */
  readonly count: number;
  /** What is wrong with a pod's volume, in upstream's words. */
  readonly broken: string | undefined;
}

interface KnownAttachments extends NodeAttachments {
  readonly node: NodeObject;
  readonly objects: KubernetesObjects;
}

interface KnownVolumes extends VolumesOnNode {
  readonly objects: KubernetesObjects;
  readonly kinds: readonly PodKind[];
  readonly migrates: boolean;
}

const NO_LIMITS: ReadonlyMap<string, number> = new Map();

/** By row. */
const attachmentsOf = new WeakMap<Cycle["nodes"], KnownAttachments[]>();
const volumesOf = new WeakMap<Cycle["nodes"], KnownVolumes[]>();

/** Kept per node while the lists of CSINodes and of VolumeAttachments stay what they are. */
export function nodeAttachments({ nodes }: Cycle, storage: Storage, node: number): NodeAttachments {
  const known = ofNodes(attachmentsOf, nodes);
  const before = known[node];
  const { objects } = storage;
  const object = nodes.object(node);
  if (
    before?.node === object &&
    (before.objects === objects ||
      (before.objects.csiNodes === objects.csiNodes &&
        before.objects.volumeAttachments === objects.volumeAttachments))
  ) {
    return before;
  }
  const name = nodes.name(node);
  const csiNode = storage.csiNodes.get(name);
  const attachments = storage.attachmentsOn.get(name) ?? [];
  const made = { node: object, objects, csiNode, limits: limitsOf(csiNode), attachments };
  known[node] = made;
  return made;
}

/**
 * Kept per node while its pods and the lists of claims, volumes and classes stay what they are.
 * @param migrates whether the node has a CSINode
 */
export function volumesOnNode(
  { nodes, cluster }: Cycle,
  storage: Storage,
  node: number,
  migrates: boolean,
): VolumesOnNode {
  const known = ofNodes(volumesOf, nodes);
  const before = known[node];
  const pods = cluster.podsOn(node);
  const { objects } = storage;
  if (
    before?.migrates === migrates &&
    sameStorage(before.objects, objects) &&
    before.kinds.length === pods.length &&
    pods.every((row, i) => cluster.kindOf(row) === before.kinds[i])
  ) {
    return before;
  }
  const kinds = pods.map((row) => cluster.kindOf(row));
  let count = 0;
  let broken: string | undefined;
  for (const kind of kinds) {
    const { withCsiNode, without } = attachableVolumes(storage, kind);
    const of = migrates ? withCsiNode : without;
    count += of.volumes.length;
    broken ??= of.broken;
  }
  const made = { objects, kinds, migrates, count, broken };
  known[node] = made;
  return made;
}

function sameStorage(a: KubernetesObjects, b: KubernetesObjects): boolean {
  return (
    a === b ||
    (a.persistentVolumeClaims === b.persistentVolumeClaims &&
      a.persistentVolumes === b.persistentVolumes &&
      a.storageClasses === b.storageClasses)
  );
}

function limitsOf(csiNode: CSINodeObject | undefined): ReadonlyMap<string, number> {
  const drivers = csiNode?.spec?.drivers ?? [];
  const limits = drivers.flatMap(({ name = "", allocatable }) =>
    allocatable?.count === undefined ? [] : [[name, allocatable.count] as const],
  );
  return limits.length === 0 ? NO_LIMITS : new Map(limits);
}

function ofNodes<T>(known: WeakMap<Cycle["nodes"], T[]>, nodes: Cycle["nodes"]): T[] {
  let rows = known.get(nodes);
  if (rows === undefined) {
    rows = [];
    known.set(nodes, rows);
  }
  return rows;
}
