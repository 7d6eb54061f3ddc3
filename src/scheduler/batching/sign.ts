import type { PodKind } from "../../cluster/pod-kind.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";

/** What a plugin reads of a pod, by upstream's names of fragments; values are plain JSON. Equal keys of two plugins mean the same. */
export type SignFragments = Readonly<Record<string, unknown>>;

/**
 * A plugin's part of a pod's signature (upstream: SignPlugin of k8s.io/kube-scheduler/framework): two pods for which it returns
 * the same are alike to it on every node. `declines`: the pod has something that cannot be told that way.
 */
export type Sign = (
  pod: PodKind,
  objects: Pick<KubernetesObjects, "deviceClasses">,
) => SignFragments | "declines";
