import type { PodAffinity } from "../../../kubernetes/affinity.ts";
import { compileLabelSelector } from "../../../kubernetes/label-selector.ts";
import { labelsOf } from "../../../kubernetes/object-meta.ts";
import type { PodObject } from "../../../kubernetes/pod.ts";

/** One required term: where it counts and which pods it means. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly means: (pod: PodObject) => boolean;
}

/** The required terms of a pod's affinity or anti-affinity. */
export function requiredTerms(owner: PodObject, affinity: PodAffinity | undefined): AffinityTerm[] {
  return (affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => {
    const selector = compileLabelSelector(term.labelSelector);
    const listed = term.namespaces ?? [];
    const ownOnly = listed.length === 0 && term.namespaceSelector === undefined;
    const namespaces = new Set(ownOnly ? [namespaceOf(owner)] : listed);
    const byLabels = compileLabelSelector(term.namespaceSelector);
    // Upstream's hints do not know the labels of namespaces: a selector sees none.
    const reaches = (namespace: string): boolean => namespaces.has(namespace) || byLabels.matches(new Map());
    return {
      topologyKey: term.topologyKey ?? "",
      means: (pod) => reaches(namespaceOf(pod)) && selector.matches(labelsOf(pod)),
    };
  });
}

export function namespaceOf(object: { readonly metadata?: { readonly namespace?: string } }): string {
  return object.metadata?.namespace || "default";
}
