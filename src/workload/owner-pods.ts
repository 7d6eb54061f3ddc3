import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import { compileLabelSelector } from "../kubernetes/label-selector.ts";
import { labelsOf, type OwnerReference } from "../kubernetes/object-meta.ts";
import type { OwnerObject } from "../kubernetes/owner.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { daemonPods } from "./daemon-pods.ts";
import { counted, type ListedPod } from "./listed-pod.ts";

/** More pods of one owner are a slip of its `replicas`. */
const MAX_REPLICAS = 1_000_000;

/** The pods of owners that are listed without them; what was assumed is said in `notes`. */
export function ownerPods(objects: KubernetesObjects): {
  readonly pods: readonly ListedPod[];
  readonly notes: readonly string[];
} {
  const parents = ownersOf(objects);
  const hasListedPods = listedPodsOf(objects);
  const pods: ListedPod[] = [];
  const notes: string[] = [];
  let expanded = 0;
  for (const owner of objects.owners) {
    if (parents.has(owner) || hasListedPods(owner)) continue;
    const made = podsOf(owner, objects);
    if (typeof made === "string") {
      notes.push(made);
      continue;
    }
    if (made.length > 0) expanded++;
    pods.push(...made);
  }
  if (pods.length > 0) {
    notes.push(
      `${counted(pods.length, "pod")} made from ${counted(expanded, "owner")} whose pods are not listed: they count as pending.`,
    );
  }
  return { pods, notes };
}

/** Owners from which a listed owner was made: they act through it. */
function ownersOf(objects: KubernetesObjects): Set<OwnerObject> {
  const byReference = new Map<string, OwnerObject>();
  for (const owner of objects.owners) {
    const { namespace, name = "" } = owner.metadata ?? {};
    byReference.set(referenceKey({ kind: owner.kind, name }, namespace), owner);
  }
  const covered = new Set<OwnerObject>();
  for (const { metadata } of objects.owners) {
    for (const reference of metadata?.ownerReferences ?? []) {
      const parent = byReference.get(referenceKey(reference, metadata?.namespace));
      if (parent !== undefined) covered.add(parent);
    }
  }
  return covered;
}

function referenceKey({ kind = "", name = "" }: OwnerReference, namespace = "default"): string {
  return `${namespace}/${kind}/${name}`;
}

/** Answers whether a listed pod is of an owner, a Deployment's through a ReplicaSet that need not be listed. */
function listedPodsOf(objects: KubernetesObjects): (owner: OwnerObject) => boolean {
  const references = new Set<string>();
  /** One pod for each ReplicaSet: its labels are those of all. */
  const replicaSetPods = new Map<string, PodObject>();
  for (const pod of objects.pods) {
    for (const reference of pod.metadata?.ownerReferences ?? []) {
      const key = referenceKey(reference, pod.metadata?.namespace);
      references.add(key);
      if (reference.kind === "ReplicaSet") replicaSetPods.set(key, pod);
    }
  }
  return (owner) => {
    const { namespace = "default", name = "" } = owner.metadata ?? {};
    if (references.has(referenceKey({ kind: owner.kind, name }, namespace))) return true;
    if (owner.kind !== "Deployment") return false;
    const selector = compileLabelSelector(owner.spec?.selector);
    return [...replicaSetPods.values()].some(
      (pod) => (pod.metadata?.namespace ?? "default") === namespace && selector.matches(labelsOf(pod)),
    );
  };
}

function podsOf(owner: OwnerObject, objects: KubernetesObjects): readonly ListedPod[] | string {
  const { namespace = "default", name = "" } = owner.metadata ?? {};
  const shown = `${owner.kind} ${namespace}/${name}`;
  if (owner.kind === "CronJob")
    return `${shown} not expanded: its jobs come by the clock, which a snapshot does not show.`;
  const { template } = owner.spec ?? {};
  if (template?.spec === undefined) return `${shown} not expanded: it has no pod template.`;
  const pod = { namespace, labels: template.metadata?.labels, spec: template.spec, shownAs: name };
  if (owner.kind === "DaemonSet") return daemonPods(pod, name, objects.nodes);
  const replicas = replicasOf(owner);
  if (replicas > MAX_REPLICAS)
    return `${shown} not expanded: ${replicas} pods are more than ${MAX_REPLICAS}.`;
  const width = owner.kind === "StatefulSet" ? 1 : Math.max(5, String(replicas).length);
  return Array.from({ length: replicas }, (_, i) => ({
    ...pod,
    name: `${name}-${String(i).padStart(width, "0")}`,
  }));
}

/** How many pods the controller would keep at once. */
function replicasOf({ kind, spec = {} }: OwnerObject): number {
  if (kind !== "Job") return spec.replicas ?? 1;
  if (spec.suspend === true) return 0;
  return Math.min(spec.parallelism ?? 1, spec.completions ?? Number.POSITIVE_INFINITY);
}
