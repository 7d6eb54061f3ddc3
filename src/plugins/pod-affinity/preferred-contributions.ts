import type { Cycle } from "../../scheduler/plugin.ts";
import { type Contribution, Contributions } from "./domain-counts.ts";
import { podAffinityTerms } from "./pod-affinity-terms.ts";
import { matchOfExistingTerms, matchOfIncomingTerms } from "./term-matching.ts";

/**
 * What pods of a kind add to the scores of the domains they are in: preferred terms of the incoming pod that mean them, and
 * terms of theirs that mean the incoming pod; anti-affinity takes away (upstream: processExistingPod in scoring.go).
 *
 * @param hardPodAffinityWeight what a required affinity term of a pod that is there weighs
 */
export function preferredContributions(
  hardPodAffinityWeight: number,
  { pod, cluster }: Cycle,
): Contributions {
  const own = podAffinityTerms(pod);
  const { namespaces } = cluster.objects;
  const existing = matchOfExistingTerms(namespaces, pod);
  const incoming = matchOfIncomingTerms(namespaces);
  return new Contributions((kind) => {
    const theirs = podAffinityTerms(kind);
    const contributions: Contribution[] = [];
    for (const term of own.preferredAffinity) if (incoming(term, kind)) contributions.push(term);
    for (const term of own.preferredAntiAffinity) {
      if (incoming(term, kind)) contributions.push({ topologyKey: term.topologyKey, weight: -term.weight });
    }
    for (const term of hardPodAffinityWeight > 0 ? theirs.affinity : []) {
      if (!existing(term, pod)) continue;
      contributions.push({ topologyKey: term.topologyKey, weight: hardPodAffinityWeight });
    }
    for (const term of theirs.preferredAffinity) if (existing(term, pod)) contributions.push(term);
    for (const term of theirs.preferredAntiAffinity) {
      if (existing(term, pod)) contributions.push({ topologyKey: term.topologyKey, weight: -term.weight });
    }
    return contributions;
  });
}
