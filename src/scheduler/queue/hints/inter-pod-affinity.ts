import type { PodObject } from "../../../kubernetes/pod.ts";
import { registrar } from "../event-registration.ts";
import { type AffinityTerm, requiredTerms } from "./affinity-terms.ts";

const on = registrar("InterPodAffinity");

export const interPodAffinityEvents = [
  on("AssignedPod", ["Add", "UpdatePodLabel", "Delete"], (pod, before, after) => {
    const changed = after ?? before;
    if (changed === undefined || (!changed.spec?.nodeName && !changed.status?.nominatedNodeName))
      return false;
    const { affinity, anti } = termsOf(pod);
    if (before !== undefined && after !== undefined) {
      if (!meantByAll(affinity, before) && meantByAll(affinity, after)) return true;
      return meantByAny(anti, before) && !meantByAny(anti, after);
    }
    if (after !== undefined) return meantByAll(affinity, after);
    return meantByAny(anti, changed) || meantByAny(termsOf(changed).anti, pod);
  }),
  // Not even whether it is this pod's own update is looked at.
  on("TargetPod", ["UpdatePodLabel"]),
  on("Node", ["Add", "UpdateNodeLabel"], (pod, before, after) => {
    const { affinity, anti } = termsOf(pod);
    const value = (node: typeof after, key: string): string | undefined => node?.metadata?.labels?.[key];
    const appeared = affinity.some(({ topologyKey }) => {
      const now = value(after, topologyKey);
      return now !== undefined && now !== value(before, topologyKey);
    });
    if (appeared) return true;
    return anti.some(({ topologyKey }) => {
      if (before === undefined) return true;
      const old = value(before, topologyKey);
      return old !== undefined && old !== value(after, topologyKey);
    });
  }),
];

interface Terms {
  readonly affinity: readonly AffinityTerm[];
  readonly anti: readonly AffinityTerm[];
}

function termsOf(pod: PodObject): Terms {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  return {
    affinity: requiredTerms(pod, podAffinity),
    anti: requiredTerms(pod, podAntiAffinity),
  };
}

/** One pod must satisfy all terms of an affinity; no terms are satisfied by nobody. */
function meantByAll(terms: readonly AffinityTerm[], pod: PodObject): boolean {
  return terms.length > 0 && terms.every((term) => term.means(pod));
}

function meantByAny(terms: readonly AffinityTerm[], pod: PodObject): boolean {
  return terms.some((term) => term.means(pod));
}
