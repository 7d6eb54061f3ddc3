import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { PodObject } from "../kubernetes/pod.ts";
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
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
