import type { EventRegistration, ObjectLookup } from "./event-registration.ts";
import type { HeldEvent } from "./in-flight-list.ts";
import { podUid, type QueuedMember, type QueuedPod } from "./queued-pod.ts";

/** Where an event sends a pod: to activeQ at once, to activeQ or into what is left of its back-off, or nowhere. */
export type Requeue = "immediately" | "afterBackoff" | "skip";

/** Plugin to whether the event may help. */
export type Answers = Map<string, boolean>;

/**
 * Whether an event may make a rejected pod schedulable (upstream: isPodWorthRequeuing); of several pods together, any of them.
 * @param registrations those of the pod's profile that match the event
 * @param answers when given, every plugin is asked and its answer written there; otherwise asking ends with the answer that decides
 */
export function worthRequeuing(
  { pod, unschedulablePlugins, pendingPlugins }: QueuedPod,
  held: HeldEvent,
  registrations: readonly EventRegistration[],
  lookup: ObjectLookup,
  answers?: Answers,
): Requeue {
  const { members } = pod;
  if (members === undefined || unschedulablePlugins.size === 0) {
    return worthIt(
      { object: pod.object, unschedulablePlugins },
      pendingPlugins,
      held,
      registrations,
      lookup,
      answers,
    );
  }
  let best: Requeue = "skip";
  for (const member of members) {
    const requeue = worthIt(member, pendingPlugins, held, registrations, lookup, answers);
    if (requeue === "immediately") return requeue;
    if (requeue !== "skip") best = requeue;
  }
  return best;
}

function worthIt(
  { object, unschedulablePlugins }: QueuedMember,
  pendingPlugins: ReadonlySet<string>,
  held: HeldEvent,
  registrations: readonly EventRegistration[],
  lookup: ObjectLookup,
  answers: Answers | undefined,
): Requeue {
  if (unschedulablePlugins.size + pendingPlugins.size === 0) return "afterBackoff";
  if (held.event.resource === "*") {
    // It is about one pod only when it carries one.
    const { after } = held;
    const isOther = after !== undefined && after.kind === "Pod" && podUid(after) !== podUid(object);
    return isOther ? "skip" : "afterBackoff";
  }
  let result: Requeue = "skip";
  for (const registration of registrations) {
    const { plugin } = registration;
    const pending = pendingPlugins.has(plugin);
    if (!pending && !unschedulablePlugins.has(plugin)) continue;
    const queue = registration.hint?.(object, held.before, held.after, lookup) ?? true;
    answers?.set(plugin, queue || answers.get(plugin) === true);
    if (!queue) continue;
    if (pending) {
      if (answers === undefined) return "immediately";
      result = "immediately";
    } else if (result === "skip") {
      result = "afterBackoff";
      if (answers === undefined && pendingPlugins.size === 0) return result;
    }
  }
  return result;
}
