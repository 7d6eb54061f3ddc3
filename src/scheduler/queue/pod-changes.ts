import { isDeepStrictEqual } from "node:util";
import type { PodObject } from "../../kubernetes/pod.ts";
import { podRequests } from "../../kubernetes/pod-requests.ts";
import { type ActionName, type QueueEvent, queueEvent } from "./queue-event.ts";

/** The events of a pod's update, in upstream's order (pkg/scheduler/framework/events.go); at least the generic one. */
export function podChanges(before: PodObject, after: PodObject): QueueEvent[] {
  const resource = after.spec?.nodeName ? "AssignedPod" : "TargetPod";
  const actions: ActionName[] = [];
  if (!isDeepStrictEqual(before.metadata?.labels ?? {}, after.metadata?.labels ?? {})) {
    actions.push("UpdatePodLabel");
  }
  const { down, up } = scaling(before, after);
  if (down) actions.push("UpdatePodScaleDown");
  if (up) actions.push("UpdatePodScaleUp");
  if (hasGates(before) && !hasGates(after)) actions.push("UpdatePodSchedulingGatesEliminated");
  // Tolerations can only be added, so that their number tells.
  if ((before.spec?.tolerations ?? []).length !== (after.spec?.tolerations ?? []).length) {
    actions.push("UpdatePodToleration");
  }
  const claims = [before, after].map((pod) => pod.status?.resourceClaimStatuses ?? []);
  if (!isDeepStrictEqual(claims[0], claims[1])) actions.push("UpdatePodGeneratedResourceClaim");
  if (actions.length === 0) actions.push("Update");
  return actions.map((action) => queueEvent(resource, action));
}

function hasGates(pod: PodObject): boolean {
  return (pod.spec?.schedulingGates ?? []).length > 0;
}

function scaling(before: PodObject, after: PodObject): { down: boolean; up: boolean } {
  const [old, now] = [before, after].map((pod) => podRequests(pod, { useStatus: true }));
  let down = false;
  let up = false;
  for (const [name, amount] of old) {
    const next = now.get(name);
    if (next === undefined || next < amount) down = true;
    else if (next > amount) up = true;
  }
  for (const name of now.keys()) if (!old.has(name)) up = true;
  return { down, up };
}
