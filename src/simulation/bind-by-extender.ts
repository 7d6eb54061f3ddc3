import type { PodKind } from "../cluster/pod-kind.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { type Extender, ExtenderError } from "../scheduler/extender.ts";

/**
 * Lets the first extender that binds and has an interest in the pod bind it (upstream: extendersBinding in
 * pkg/scheduler/schedule_one.go). An ignorable one that fails leaves it to the usual binding.
 * @returns whether the pod may be bound: false when an extender refused that must not
 */
export function bindByExtender(
  extenders: readonly Extender[],
  kind: PodKind,
  object: () => PodObject,
  node: string,
): boolean {
  const binder = extenders.find(({ bind, isInterested }) => bind !== undefined && isInterested(kind));
  if (binder?.bind === undefined) return true;
  try {
    binder.bind(object(), node);
    return true;
  } catch (error) {
    if (!(error instanceof ExtenderError)) throw error;
    return binder.ignorable;
  }
}
