import type { NodeObject } from "../../../kubernetes/node.ts";
import { compileNodeSelector } from "../../../kubernetes/node-selector.ts";
import { labelsOf } from "../../../kubernetes/object-meta.ts";
import type { PodObject } from "../../../kubernetes/pod.ts";
import type { Taint } from "../../../kubernetes/taint.ts";
import { tolerates } from "../../../kubernetes/toleration.ts";
import { registrar } from "../event-registration.ts";
import { podUid } from "../queued-pod.ts";
import { requiredFeatures } from "./required-features.ts";

/** Registrations of the plugins that compare a pod with a node's own description. */

const onNodeName = registrar("NodeName");
export const nodeNameEvents = [onNodeName("Node", ["Add"])];

const onNodeUnschedulable = registrar("NodeUnschedulable");
export const nodeUnschedulableEvents = [
  onNodeUnschedulable("Node", ["Add", "UpdateNodeTaint"], (_pod, before, after) => {
    const wasUnschedulable = before === undefined || before.spec?.unschedulable === true;
    return wasUnschedulable && after?.spec?.unschedulable !== true;
  }),
  onNodeUnschedulable("TargetPod", ["UpdatePodToleration"], (pod, _before, after) => {
    if (after === undefined || podUid(pod) !== podUid(after)) return false;
    const taint: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
    return (after.spec?.tolerations ?? []).some((toleration) => tolerates(toleration, taint));
  }),
];

const onTaintToleration = registrar("TaintToleration");
export const taintTolerationEvents = [
  onTaintToleration("Node", ["Add", "UpdateNodeTaint"], (pod, before, after) => {
    const wasUntolerated = before === undefined || !toleratesNode(pod, before);
    return wasUntolerated && after !== undefined && toleratesNode(pod, after);
  }),
  onTaintToleration("TargetPod", ["UpdatePodToleration"]),
];

const onNodeAffinity = registrar("NodeAffinity");
export const nodeAffinityEvents = [
  onNodeAffinity("Node", ["Add", "UpdateNodeLabel"], (pod, before, after) => {
    const didMatch = before !== undefined && matchesNode(pod, before);
    return !didMatch && after !== undefined && matchesNode(pod, after);
  }),
];

const onNodeDeclaredFeatures = registrar("NodeDeclaredFeatures");
export const nodeDeclaredFeaturesEvents = [
  // Every such change counts, whatever features the node has then.
  onNodeDeclaredFeatures("Node", ["Add", "UpdateNodeDeclaredFeature"]),
  onNodeDeclaredFeatures("TargetPod", ["Update"], (pod, before, after) => {
    if (before === undefined || after === undefined || podUid(pod) !== podUid(after)) return false;
    return requiredFeatures(before).join() !== requiredFeatures(after).join();
  }),
];

function toleratesNode(pod: PodObject, node: NodeObject): boolean {
  const tolerations = pod.spec?.tolerations ?? [];
  return (node.spec?.taints ?? [])
    .filter((taint) => taint.effect === "NoSchedule" || taint.effect === "NoExecute")
    .every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)));
}

function matchesNode(pod: PodObject, node: NodeObject): boolean {
  const labels = labelsOf(node);
  const wanted = Object.entries(pod.spec?.nodeSelector ?? {});
  if (!wanted.every(([key, value]) => labels.get(key) === value)) return false;
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || compileNodeSelector(required).matches(labels, node.metadata?.name ?? "");
}
