import type { PodObject } from "../../../kubernetes/pod.ts";
import { minCountOf, type PodGroupObject, type PodGroupSpec } from "../../../kubernetes/pod-group.ts";
import { registrar } from "../event-registration.ts";
import { namespaceOf } from "./affinity-terms.ts";

const on = registrar("GangScheduling");

/** What may complete a group: another pod of it, the group itself, or that it needs fewer pods than before. */
export const gangSchedulingEvents = [
  on("UnscheduledPod", ["Add"], (pod, _before, added) => added !== undefined && isOfSameGroup(pod, added)),
  on("AssignedPod", ["Add"], (pod, _before, added) => added !== undefined && isOfSameGroup(pod, added)),
  on("scheduling.k8s.io/PodGroup", ["Add", "Update"], (pod, before, after) => {
    if (after === undefined || !isOf(pod, after)) return false;
    if (before === undefined) return true;
    const isGang = [before, after].every(({ spec }) => policyOf(spec)?.gang !== undefined);
    return isGang && minCountOf(after) < minCountOf(before);
  }),
];

function isOfSameGroup(pod: PodObject, other: PodObject): boolean {
  const name = groupNameOf(pod);
  return name !== undefined && name === groupNameOf(other) && namespaceOf(pod) === namespaceOf(other);
}

function isOf(pod: PodObject, { metadata = {} }: PodGroupObject): boolean {
  return groupNameOf(pod) === metadata.name && namespaceOf(pod) === (metadata.namespace || "default");
}

function groupNameOf({ spec }: PodObject): string | undefined {
  return spec?.schedulingGroup?.podGroupName;
}

function policyOf(spec: PodGroupSpec | undefined): PodGroupSpec["schedulingPolicy"] {
  return spec?.schedulingPolicy;
}
