import type { PodKind } from "../../cluster/pod-kind.ts";
import type { NamespaceObject } from "../../kubernetes/cluster-object.ts";
import { labelsOf } from "../../kubernetes/object-meta.ts";
import type { AffinityTerm } from "./pod-affinity-terms.ts";

/** Whether a term means pods of a kind. */
type TermMatch = (term: AffinityTerm, pod: PodKind) => boolean;

/**
 * How terms of the incoming pod match: a namespace selector means the namespaces that exist and have such labels; `{}` alone
 * means every namespace, there or not (upstream: mergeAffinityTermNamespacesIfNotEmpty).
 */
export function matchOfIncomingTerms(namespaces: readonly NamespaceObject[]): TermMatch {
  const labels = labelsByName(namespaces);
  return ({ namespaces: listed, namespaceSelector, selector }, pod) => {
    const known = labels.get(pod.namespace);
    const meant =
      listed.has(pod.namespace) ||
      namespaceSelector.isEmpty ||
      (known !== undefined && namespaceSelector.matches(known));
    return meant && selector.matches(pod.labels);
  };
}

/** How terms of pods that are there match an incoming pod: a namespace that is not known counts as one without labels. */
export function matchOfExistingTerms(namespaces: readonly NamespaceObject[], incoming: PodKind): TermMatch {
  const labels = labelsByName(namespaces).get(incoming.namespace) ?? new Map<string, string>();
  return ({ namespaces: listed, namespaceSelector, selector }, pod) =>
    (listed.has(pod.namespace) || namespaceSelector.matches(labels)) && selector.matches(pod.labels);
}

const known = new WeakMap<readonly NamespaceObject[], ReadonlyMap<string, ReadonlyMap<string, string>>>();

function labelsByName(
  namespaces: readonly NamespaceObject[],
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  let labels = known.get(namespaces);
  if (labels === undefined) {
    labels = new Map(namespaces.map((object) => [object.metadata?.name ?? "", labelsOf(object)]));
    known.set(namespaces, labels);
  }
  return labels;
}
