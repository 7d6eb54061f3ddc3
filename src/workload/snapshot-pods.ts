import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { OwnerReference } from "../kubernetes/object-meta.ts";
import type { ContainerStatus, PodObject, PodStatus } from "../kubernetes/pod.ts";
import { counted, type ListedPod } from "./listed-pod.ts";

/** The pods that a snapshot lists, as far as they matter to decisions; what was left out is said in `notes`. */
export function snapshotPods(
  objects: KubernetesObjects,
  nodeRow: ReadonlyMap<string, number>,
): { readonly pods: readonly ListedPod[]; readonly notes: readonly string[] } {
  const bound: PodObject[] = [];
  const pending: PodObject[] = [];
  let strangers = 0;
  let terminating = 0;
  let nominated = 0;
  const otherSchedulers = new Set<string>();
  for (const pod of objects.pods) {
    const { nodeName = "", schedulerName = "default-scheduler" } = pod.spec ?? {};
    if (nodeName !== "") {
      if (nodeRow.has(nodeName)) bound.push(pod);
      else strangers++;
      continue;
    }
    if (pod.metadata?.deletionTimestamp !== undefined) {
      terminating++;
      continue;
    }
    pending.push(pod);
    if ((pod.status?.nominatedNodeName ?? "") !== "") nominated++;
    if (schedulerName !== "default-scheduler" && schedulerName !== "") otherSchedulers.add(schedulerName);
  }
  // RFC 3339 in UTC, as the API writes it, sorts as text; a list with gaps keeps its own order.
  if (pending.every(({ metadata }) => metadata?.creationTimestamp !== undefined)) {
    pending.sort((a, b) => compare(a.metadata!.creationTimestamp!, b.metadata!.creationTimestamp!));
  }
  const notes: string[] = [];
  if (objects.finishedPods > 0) {
    notes.push(`${counted(objects.finishedPods, "finished pod")} left out: the scheduler does not see them.`);
  }
  if (strangers > 0) {
    notes.push(
      `${counted(strangers, "pod")} on nodes that the snapshot does not contain left out: they take nothing from the nodes listed, but affinity and spreading cannot count them.`,
    );
  }
  if (terminating > 0) {
    notes.push(`${counted(terminating, "pending pod")} being deleted left out: the scheduler skips them.`);
  }
  if (nominated > 0) {
    notes.push(
      `${counted(nominated, "pending pod")} had a nominated node: the nomination is not kept, they are placed afresh.`,
    );
  }
  if (otherSchedulers.size > 0) {
    notes.push(
      `Some pending pods name another scheduler (${[...otherSchedulers].sort(compare).join(", ")}): here one policy places them all.`,
    );
  }
  const generated = new Map<string, number>();
  return { pods: [...bound, ...pending].map((pod) => listed(pod, generated)), notes };
}

function listed(pod: PodObject, generated: Map<string, number>): ListedPod {
  const { metadata = {}, spec = {} } = pod;
  let { name } = metadata;
  if (name === undefined) {
    const { generateName = "pod-" } = metadata;
    const number = generated.get(generateName) ?? 0;
    generated.set(generateName, number + 1);
    name = `${generateName}${String(number).padStart(5, "0")}`;
  }
  return {
    namespace: metadata.namespace ?? "default",
    name,
    labels: metadata.labels,
    spec,
    shownAs: metadata.ownerReferences?.[0]?.name ?? name,
    uid: metadata.uid,
    controller: controllerOf(metadata.ownerReferences ?? []),
    status: readStatus(pod.status),
    startedAt: pod.status?.startTime === undefined ? undefined : Date.parse(pod.status.startTime) / 1000,
    terminating: metadata.deletionTimestamp === undefined ? undefined : true,
  };
}

/** Without its UID, which nothing reads. */
function controllerOf(owners: readonly OwnerReference[]): OwnerReference | undefined {
  const controller = owners.find((owner) => owner.controller === true);
  if (controller === undefined) return undefined;
  const { uid: _, ...rest } = controller;
  return rest;
}

/**
 * What scheduling reads of a pod's status: claims made for it, and amounts that its node has allocated or is to change.
 * Other conditions than those of a resize would only make kinds that differ in nothing.
 */
function readStatus(status: PodStatus | undefined): PodStatus | undefined {
  if (status === undefined) return undefined;
  const { allocatedResources, resources, resourceClaimStatuses } = status;
  const conditions = status.conditions?.filter(({ type = "" }) => type.startsWith("PodResize"));
  const kept: PodStatus = {
    ...(allocatedResources === undefined ? {} : { allocatedResources }),
    ...(resources === undefined ? {} : { resources }),
    ...(resourceClaimStatuses === undefined ? {} : { resourceClaimStatuses }),
    ...(conditions === undefined || conditions.length === 0 ? {} : { conditions }),
    ...amountsOf("containerStatuses", status.containerStatuses),
    ...amountsOf("initContainerStatuses", status.initContainerStatuses),
  };
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** The containers of which the node reports amounts. */
function amountsOf(
  field: "containerStatuses" | "initContainerStatuses",
  statuses: readonly ContainerStatus[] | undefined,
): Pick<PodStatus, "containerStatuses" | "initContainerStatuses"> {
  const reported = (statuses ?? []).filter(
    ({ allocatedResources, resources }) => allocatedResources !== undefined || resources !== undefined,
  );
  return reported.length === 0 ? {} : { [field]: reported };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
