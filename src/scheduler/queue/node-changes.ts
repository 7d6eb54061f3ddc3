import { isDeepStrictEqual } from "node:util";
import type { NodeObject } from "../../kubernetes/node.ts";
import { type ActionName, type QueueEvent, queueEvent } from "./queue-event.ts";

/** The events of a node's update, in upstream's order (pkg/scheduler/framework/events.go); none when nothing relevant changed. */
export function nodeChanges(before: NodeObject, after: NodeObject): QueueEvent[] {
  const changed = (read: (node: NodeObject) => unknown): boolean =>
    !isDeepStrictEqual(read(before), read(after));
  const actions: ActionName[] = [];
  const uncordoned = before.spec?.unschedulable === true && after.spec?.unschedulable !== true;
  if (changed((node) => node.status?.allocatable ?? {})) actions.push("UpdateNodeAllocatable");
  if (changed((node) => node.metadata?.labels ?? {})) actions.push("UpdateNodeLabel");
  if (uncordoned || changed((node) => node.spec?.taints ?? [])) actions.push("UpdateNodeTaint");
  if (changed(conditions)) actions.push("UpdateNodeCondition");
  if (changed((node) => node.metadata?.annotations ?? {})) actions.push("UpdateNodeAnnotation");
  if (changed((node) => node.status?.declaredFeatures ?? [])) actions.push("UpdateNodeDeclaredFeature");
  return actions.map((action) => queueEvent("Node", action));
}

/** Times and reasons of conditions do not matter. */
function conditions(node: NodeObject): Map<string, string> {
  return new Map((node.status?.conditions ?? []).map(({ type = "", status = "" }) => [type, status]));
}
