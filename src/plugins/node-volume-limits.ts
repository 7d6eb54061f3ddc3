import { InvariantViolation } from "../base/errors.ts";
import { type Cycle, definePlugin, type Judge } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unresolvable, unschedulable } from "../scheduler/status.ts";
import { signVolumes } from "./signing/sign-volumes.ts";
import { type AttachableVolume, attachableVolumes, volumeId } from "./volumes/attachable-volumes.ts";
import { isMigrated } from "./volumes/csi-migration.ts";
import { podClaims } from "./volumes/pod-claims.ts";
import { type Storage, storageOf } from "./volumes/storage.ts";
import { type NodeAttachments, nodeAttachments, volumesOnNode } from "./volumes/volumes-on-node.ts";

const TOO_MANY = unschedulable("node(s) exceed max volume count");

/** Rejects nodes that cannot take as many more volumes of a CSI driver (upstream: plugins/nodevolumelimits/csi.go). */
export const nodeVolumeLimits = definePlugin({
  name: "NodeVolumeLimits",
  reads: ({ spec }) => ((spec.volumes ?? []).length === 0 ? "nothing" : "cluster"),
  filter(cycle) {
    const judge = judgeOf(cycle);
    return judge && keepWhere((node) => judge(node) === undefined);
  },
  judge: judgeOf,
  sign: signVolumes,
  eventsToRegister: ["AssignedPodDelete", "NodeAdd", "NodeUpdate"],
});

function judgeOf(cycle: Cycle): Judge | undefined {
  const { pod, cluster } = cycle;
  if (podClaims(pod).length === 0 && !(pod.spec.volumes ?? []).some(isMigrated)) return undefined;
  const storage = storageOf(cluster.objects);
  const { withCsiNode, without } = attachableVolumes(storage, pod);
  const { drivers } = storage;
  return (node) => {
    const there = nodeAttachments(cycle, storage, node);
    const { csiNode, limits } = there;
    const { volumes: wanted, problem } = csiNode === undefined ? without : withCsiNode;
    if (problem?.kind === "missing") return unresolvable(problem.text);
    if (problem !== undefined) fail(problem.text);
    for (const volume of wanted) {
      if (drivers.get(volume.driver)?.spec?.preventPodSchedulingIfMissing !== true) continue;
      if (csiNode?.spec?.drivers?.some(({ name }) => name === volume.driver)) continue;
      return unschedulable(`${volume.driver} CSI driver is not installed on the node`);
    }
    if (wanted.length === 0 || limits.size === 0) return undefined;
    return exceeds(cycle, storage, node, wanted, there) ? TOO_MANY : undefined;
  };
}

/**
 * A volume that a pod of the node has already takes no further place; one that is known from its VolumeAttachment alone is
 * counted twice, as upstream has it.
 */
function exceeds(
  cycle: Cycle,
  storage: Storage,
  node: number,
  wanted: readonly AttachableVolume[],
  { csiNode, limits, attachments }: NodeAttachments,
): boolean {
  const { count, broken } = volumesOnNode(cycle, storage, node, csiNode !== undefined);
  if (broken !== undefined) fail(broken);
  const most = wanted.length + attachments.length + count;
  // Most nodes have room even if no two of these volumes are one.
  if (wanted.every(({ driver }) => most <= (limits.get(driver) ?? most))) return false;

  const { cluster } = cycle;
  const taking = cluster
    .podsOn(node)
    .map((row) => attachableVolumes(storage, cluster.kindOf(row)))
    // Only a node with a CSINode has limits.
    .flatMap(({ withCsiNode }) => withCsiNode.volumes);
  const attached = driversById(taking);
  const added = driversById(wanted);
  for (const id of attached.keys()) added.delete(id);
  for (const { spec } of attachments) {
    const { attacher = "", source } = spec ?? {};
    const handle = storage.volumes.get(source?.persistentVolumeName ?? "")?.spec?.csi?.volumeHandle;
    if (attacher !== "" && handle !== undefined) attached.set(volumeId(attacher, handle), attacher);
  }
  const taken = countByDriver(attached);
  for (const [driver, volumes] of countByDriver(added)) {
    const limit = limits.get(driver);
    if (limit !== undefined && (taken.get(driver) ?? 0) + volumes > limit) return true;
  }
  return false;
}

function driversById(volumes: readonly AttachableVolume[]): Map<string, string> {
  return new Map(volumes.map(({ id, driver }) => [id, driver]));
}

function countByDriver(volumes: ReadonlyMap<string, string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const driver of volumes.values()) counts.set(driver, (counts.get(driver) ?? 0) + 1);
  return counts;
}

function fail(text: string): never {
  throw new InvariantViolation(`running "NodeVolumeLimits" filter plugin: ${text}`);
}
