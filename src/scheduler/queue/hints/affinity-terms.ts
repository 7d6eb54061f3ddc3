import type { PodAffinity } from "../../../kubernetes/affinity.ts";
import { compileLabelSelector } from "../../../kubernetes/label-selector.ts";
import { labelsOf } from "../../../kubernetes/object-meta.ts";
import type { PodObject } from "../../../kubernetes/pod.ts";

/** One required term: where it counts and which pods it means. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly means: (pod: PodObject) => boolean;
}

/** By affinity, which pods of one template share, and by the namespace of its pod. */
const known = new WeakMap<PodAffinity, Map<string, readonly AffinityTerm[]>>();

/** The required terms of a pod's affinity or anti-affinity; compiled once, as every event asks for those of every pod. */
export function requiredTerms(owner: PodObject, affinity: PodAffinity | undefined): readonly AffinityTerm[] {
  if (affinity === undefined) return [];
  const byNamespace = known.get(affinity) ?? new Map<string, readonly AffinityTerm[]>();
  known.set(affinity, byNamespace);
  const namespace = namespaceOf(owner);
  const terms = byNamespace.get(namespace) ?? compileTerms(namespace, affinity);
  byNamespace.set(namespace, terms);
  return terms;
}

function compileTerms(namespace: string, affinity: PodAffinity): AffinityTerm[] {
  return (affinity.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => {
    const selector = compileLabelSelector(term.labelSelector);
    const listed = term.namespaces ?? [];
    const ownOnly = listed.length === 0 && term.namespaceSelector === undefined;
    const namespaces = new Set(ownOnly ? [namespace] : listed);
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
