import type { PodKind } from "../../cluster/pod-kind.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import { type CompiledLabelSelector, compileLabelSelector } from "../../kubernetes/label-selector.ts";
import type { ObjectMeta, StringRecord } from "../../kubernetes/object-meta.ts";

/** What the default constraints of a pod select, and on which lists of objects that rests. */
export type SelectingObjects = Pick<KubernetesObjects, "services" | "owners">;

/**
 * The selector that default constraints get: labels of all services that select the pod, together with what its
 * controller selects; undefined when there is nothing. A later service overrides an equal key.
 * Source: pkg/scheduler/framework/plugins/helper/spread.go, `DefaultSelector`.
 */
export function defaultSelector(pod: PodKind, objects: SelectingObjects): CompiledLabelSelector | undefined {
  const labels: Record<string, string> = {};
  for (const { metadata, spec } of objects.services) {
    const selector = spec?.selector;
    if (selector !== undefined && isIn(pod, metadata) && selects(selector, pod))
      Object.assign(labels, selector);
  }
  let requirements: CompiledLabelSelector | undefined;
  const controller = pod.object.metadata?.ownerReferences?.find((owner) => owner.controller === true);
  const owner = objects.owners.find(
    ({ kind, metadata }) =>
      kind === controller?.kind && metadata?.name === controller.name && isIn(pod, metadata),
  );
  switch (`${controller?.apiVersion}/${controller?.kind}`) {
    case "v1/ReplicationController":
      Object.assign(labels, owner?.spec?.selector?.matchLabels);
      break;
    case "apps/v1/ReplicaSet":
    case "apps/v1/StatefulSet": {
      const selector = compileLabelSelector(owner?.spec?.selector);
      if (selector.problems.length === 0 && !selector.isNothing && !selector.isEmpty) requirements = selector;
    }
  }
  const pairs = Object.entries(labels);
  if (pairs.length === 0) return requirements;
  return narrowed(requirements ?? compileLabelSelector({}), pairs);
}

/** A selector that demands labels besides; one that matches nothing goes on matching nothing. */
export function narrowed(
  selector: CompiledLabelSelector,
  pairs: readonly (readonly [string, string])[],
): CompiledLabelSelector {
  if (pairs.length === 0) return selector;
  return {
    ...selector,
    isEmpty: false,
    matches: (labels) => pairs.every(([key, value]) => labels.get(key) === value) && selector.matches(labels),
  };
}

function selects(selector: StringRecord, { labels }: PodKind): boolean {
  return Object.entries(selector).every(([key, value]) => labels.get(key) === value);
}

function isIn({ namespace }: PodKind, metadata: ObjectMeta | undefined): boolean {
  return (metadata?.namespace || "default") === namespace;
}
