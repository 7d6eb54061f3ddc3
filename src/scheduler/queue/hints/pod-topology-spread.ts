import { isDeepStrictEqual } from "node:util";
import type { TopologySpreadConstraint } from "../../../kubernetes/affinity.ts";
import { type CompiledLabelSelector, compileLabelSelector } from "../../../kubernetes/label-selector.ts";
import type { NodeObject } from "../../../kubernetes/node.ts";
import { labelsOf } from "../../../kubernetes/object-meta.ts";
import type { PodObject } from "../../../kubernetes/pod.ts";
import { registrar } from "../event-registration.ts";
import { podUid } from "../queued-pod.ts";
import { namespaceOf } from "./affinity-terms.ts";

const on = registrar("PodTopologySpread");

export const podTopologySpreadEvents = [
  on("AssignedPod", ["Add", "UpdatePodLabel", "Delete"], (pod, before, after) => {
    const changed = [before, after].filter((one) => one !== undefined);
    if (!changed.every((one) => isCounted(one, pod))) return false;
    const constraints = hardConstraints(pod);
    return constraints.some((constraint) => counts(constraint, before) !== counts(constraint, after));
  }),
  on("TargetPod", ["UpdatePodLabel", "UpdatePodToleration"], (pod, before, after) => {
    if (before === undefined || after === undefined || podUid(pod) !== podUid(after)) return false;
    const constraints = hardConstraints(after);
    if (!isDeepStrictEqual(before.spec?.tolerations ?? [], after.spec?.tolerations ?? [])) {
      if (constraints.some(({ nodeTaintsPolicy }) => nodeTaintsPolicy === "Honor")) return true;
    }
    return constraints.some((constraint) => counts(constraint, before) !== counts(constraint, after));
  }),
  on("Node", ["Add", "Delete", "UpdateNodeLabel", "UpdateNodeTaint"], (pod, before, after) => {
    const keys = hardConstraints(pod).map(({ topologyKey = "" }) => topologyKey);
    const carried = before !== undefined && carriesAll(keys, before);
    if (after === undefined) return carried;
    const carries = carriesAll(keys, after);
    if (before === undefined) return carries;
    if (carried !== carries) return true;
    if (!carries) return false;
    const moved = keys.some((key) => before.metadata?.labels?.[key] !== after.metadata?.labels?.[key]);
    return moved || !isDeepStrictEqual(before.spec?.taints ?? [], after.spec?.taints ?? []);
  }),
];

/** The system's default constraints are all soft. */
function hardConstraints(pod: PodObject): TopologySpreadConstraint[] {
  const constraints = pod.spec?.topologySpreadConstraints ?? [];
  return constraints.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule");
}

/** Bound or nominated, in the namespace of the waiting pod. */
function isCounted(other: PodObject, pod: PodObject): boolean {
  if (podUid(other) === podUid(pod)) return true;
  const placed = !!other.spec?.nodeName || !!other.status?.nominatedNodeName;
  return placed && namespaceOf(other) === namespaceOf(pod);
}

/** By constraint, which pods of one template share: every event asks for those of every pod. */
const selectors = new WeakMap<TopologySpreadConstraint, CompiledLabelSelector>();

function counts(constraint: TopologySpreadConstraint, pod: PodObject | undefined): boolean {
  if (pod === undefined) return false;
  const selector = selectors.get(constraint) ?? compileLabelSelector(constraint.labelSelector);
  selectors.set(constraint, selector);
  return selector.matches(labelsOf(pod));
}

function carriesAll(keys: readonly string[], node: NodeObject): boolean {
  return keys.every((key) => node.metadata?.labels?.[key] !== undefined);
}
