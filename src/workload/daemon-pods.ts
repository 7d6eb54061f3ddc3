import type { NodeObject } from "../kubernetes/node.ts";
import { compileNodeSelector, type NodeSelectorTerm } from "../kubernetes/node-selector.ts";
import { labelsOf } from "../kubernetes/object-meta.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import { type Toleration, tolerates } from "../kubernetes/toleration.ts";
import type { ListedPod } from "./listed-pod.ts";

/** What the controller adds to each pod. Source: pkg/controller/daemon/util/daemonset_util.go. */
const daemonTolerations: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];

/** One pod for each node on which the DaemonSet controller would want one, tied to it as the controller ties it. */
export function daemonPods(
  pod: Omit<ListedPod, "name">,
  name: string,
  nodes: readonly NodeObject[],
): readonly ListedPod[] {
  const network: readonly Toleration[] =
    pod.spec.hostNetwork === true
      ? [{ key: "node.kubernetes.io/network-unavailable", operator: "Exists", effect: "NoSchedule" }]
      : [];
  const spec: PodSpec = {
    ...pod.spec,
    tolerations: [...(pod.spec.tolerations ?? []), ...daemonTolerations, ...network],
  };
  return nodes.flatMap((node) => {
    const nodeName = node.metadata?.name ?? "";
    return isWanted(spec, node)
      ? [{ ...pod, name: `${name}-${nodeName}`, spec: tiedTo(spec, nodeName) }]
      : [];
  });
}

function isWanted(spec: PodSpec, node: NodeObject): boolean {
  const labels = labelsOf(node);
  if (!Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels.get(key) === value))
    return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required !== undefined && !compileNodeSelector(required).matches(labels, node.metadata?.name ?? ""))
    return false;
  return (node.spec?.taints ?? [])
    .filter(({ effect }) => effect !== "PreferNoSchedule")
    .every((taint) => (spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint)));
}

/** Each required term gets the node's name in place of its own fields. */
function tiedTo(spec: PodSpec, nodeName: string): PodSpec {
  const { affinity = {} } = spec;
  const matchFields = [{ key: "metadata.name", operator: "In" as const, values: [nodeName] }];
  const terms: readonly NodeSelectorTerm[] = affinity.nodeAffinity
    ?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [{}];
  const nodeSelectorTerms = terms.map((term) => ({ ...term, matchFields }));
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  return { ...spec, affinity: { ...affinity, nodeAffinity: { ...affinity.nodeAffinity, ...required } } };
}
