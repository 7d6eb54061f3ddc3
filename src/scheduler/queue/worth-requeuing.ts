import type { EventRegistration, ObjectLookup } from "./event-registration.ts";
import type { HeldEvent } from "./in-flight-list.ts";
import { matches } from "./queue-event.ts";
import { podUid, type QueuedPod } from "./queued-pod.ts";

/** Where an event sends a pod: to activeQ at once, to activeQ or into what is left of its back-off, or nowhere. */
export type Requeue = "immediately" | "afterBackoff" | "skip";

/** Plugin to whether the event may help. */
export type Answers = Map<string, boolean>;

/**
 * Whether an event may make a rejected pod schedulable (upstream: isPodWorthRequeuing).
 * @param answers when given, every plugin is asked and its answer written there; otherwise asking ends with the answer that decides
 */
export function worthRequeuing(
  { pod, unschedulablePlugins, pendingPlugins }: QueuedPod,
  { event, before, after }: HeldEvent,
  registrations: readonly EventRegistration[],
  lookup: ObjectLookup,
  answers?: Answers,
): Requeue {
  if (unschedulablePlugins.size + pendingPlugins.size === 0) return "afterBackoff";
  if (event.resource === "*") {
    // It is about one pod only when it carries one.
    const isOther = after !== undefined && after.kind === "Pod" && podUid(after) !== podUid(pod);
    return isOther ? "skip" : "afterBackoff";
  }
  let result: Requeue = "skip";
  for (const registration of registrations) {
    const { plugin } = registration;
    if (!unschedulablePlugins.has(plugin) && !pendingPlugins.has(plugin)) continue;
    if (!matches(registration, event)) continue;
    const queue = registration.hint?.(pod, before, after, lookup) ?? true;
    answers?.set(plugin, queue || answers.get(plugin) === true);
    if (!queue) continue;
    if (pendingPlugins.has(plugin)) {
      if (answers === undefined) return "immediately";
      result = "immediately";
    } else if (result === "skip") {
      result = "afterBackoff";
    }
  }
  return result;
}
