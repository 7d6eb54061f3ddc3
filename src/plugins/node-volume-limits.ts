import { InvariantViolation } from "../base/errors.ts";
import { type Cycle, definePlugin, type Judge } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unresolvable, unschedulable } from "../scheduler/status.ts";
import {
  type AttachableVolume,
  attachableVolumes,
  isMigrated,
  volumeId,
} from "./volumes/attachable-volumes.ts";
import { podClaims } from "./volumes/pod-claims.ts";
import { type Storage, storageOf } from "./volumes/storage.ts";

const TOO_MANY = unschedulable("node(s) exceed max volume count");

/** Rejects nodes that cannot take as many more volumes of a CSI driver (upstream: plugins/nodevolumelimits/csi.go). */
export const nodeVolumeLimits = definePlugin({
  name: "NodeVolumeLimits",
  filter(cycle) {
    const judge = judgeOf(cycle);
    return judge && keepWhere((node) => judge(node) === undefined);
  },
  judge: judgeOf,
  eventsToRegister: ["AssignedPodDelete", "NodeAdd", "NodeUpdate"],
});

function judgeOf(cycle: Cycle): Judge | undefined {
  const { pod, nodes, cluster } = cycle;
  if (podClaims(pod).length === 0 && !(pod.spec.volumes ?? []).some(isMigrated)) return undefined;
  const storage = storageOf(cluster.objects);
  const { volumes, problem } = attachableVolumes(storage, pod);
  if (problem?.kind === "missing") {
    const missing = unresolvable(problem.text);
    return () => missing;
  }
  const anywhere = volumes.filter(({ migrated }) => !migrated);
  return (node) => {
    if (problem !== undefined) fail(problem.text);
    const csiNode = storage.csiNodes.get(nodes.name(node));
    const wanted = csiNode === undefined ? anywhere : volumes;
    if (wanted.length === 0) return undefined;
    const listed = csiNode?.spec?.drivers ?? [];
    for (const { driver } of wanted) {
      if (storage.drivers.get(driver)?.spec?.preventPodSchedulingIfMissing !== true) continue;
      if (listed.some(({ name }) => name === driver)) continue;
      return unschedulable(`${driver} CSI driver is not installed on the node`);
    }
    const limits = new Map<string, number>();
    for (const { name = "", allocatable } of listed) {
      if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
    }
    if (limits.size === 0) return undefined;
    return exceeds(cycle, storage, node, wanted, limits) ? TOO_MANY : undefined;
  };
}

/**
 * A volume that a pod of the node has already takes no further place; one that is known from its VolumeAttachment alone is
 * counted twice, as upstream has it.
 */
function exceeds(
  { nodes, cluster }: Cycle,
  storage: Storage,
  node: number,
  wanted: readonly AttachableVolume[],
  limits: ReadonlyMap<string, number>,
): boolean {
  const there = cluster.podsOn(node).map((row) => attachableVolumes(storage, cluster.kindOf(row)));
  const attachments = storage.attachmentsOn.get(nodes.name(node)) ?? [];
  let most = wanted.length + attachments.length;
  for (const { volumes, foreign } of there) {
    if (foreign !== undefined) fail(foreign);
    most += volumes.length;
  }
  // Most nodes have room even if no two of these volumes are one.
  if (wanted.every(({ driver }) => most <= (limits.get(driver) ?? most))) return false;

  const attached = driversById(there.flatMap(({ volumes }) => volumes));
  const added = driversById(wanted);
  for (const id of attached.keys()) added.delete(id);
  for (const { spec } of attachments) {
    const { attacher = "", source } = spec ?? {};
    const handle = storage.volumes.get(source?.persistentVolumeName ?? "")?.spec?.csi?.volumeHandle;
    if (attacher !== "" && handle !== undefined) attached.set(volumeId(attacher, handle), attacher);
  }
  const taken = countByDriver(attached);
  for (const [driver, count] of countByDriver(added)) {
    const limit = limits.get(driver);
    if (limit !== undefined && (taken.get(driver) ?? 0) + count > limit) return true;
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
