import type { PodTemplate } from "../cluster/specs.ts";
import type { PodAffinityTerm } from "../kubernetes/affinity.ts";
import { unresolvable, unschedulable } from "../scheduler/status.ts";
import { termMeans, termsOf } from "./pod-affinity-terms.ts";
import type { ReferenceCluster, ReferenceNode, ReferencePlugin } from "./reference-plugin.ts";

/** InterPodAffinity with its arguments; absent ones have upstream's defaults. */
export function referenceInterPodAffinity(args: {
  readonly hardPodAffinityWeight?: number;
  readonly ignorePreferredTermsOfExistingPods?: boolean;
}): ReferencePlugin {
  const hardWeight = BigInt(args.hardPodAffinityWeight ?? 1);
  return {
    preFilter(pod, cluster) {
      const { affinity, antiAffinity, problem } = termsOf(pod);
      if (problem !== undefined) return { rejected: unresolvable(`parsing pod: ${problem}`) };
      const minded = cluster.nodes.some((node) => pairsThatMind(pod, node, cluster).length > 0);
      return minded || affinity.length + antiAffinity.length > 0 ? undefined : "skip";
    },
    filter(pod, node, cluster) {
      const { affinity, antiAffinity, problem } = termsOf(pod);
      if (problem !== undefined) return undefined;
      if (!satisfiesAffinity(pod, affinity, node, cluster)) {
        return unresolvable("node(s) didn't match pod affinity rules");
      }
      for (const term of antiAffinity) {
        if (
          countInDomain(term, node, cluster, (other) => termMeans(term, pod, other, "incoming", cluster)) > 0
        ) {
          return unschedulable("node(s) didn't match pod anti-affinity rules");
        }
      }
      for (const other of cluster.nodes) {
        for (const [key, value] of pairsThatMind(pod, other, cluster)) {
          if (labelOf(node, key) === value) {
            return unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");
          }
        }
      }
      return undefined;
    },
    preScore(pod, cluster) {
      const { affinity } = pod.object.spec ?? {};
      const own = [affinity?.podAffinity, affinity?.podAntiAffinity].some(
        (terms) => (terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []).length > 0,
      );
      if (args.ignorePreferredTermsOfExistingPods === true && !own) return "skip";
      const { problem } = termsOf(pod);
      if (problem !== undefined) {
        return { error: `running PreScore plugin "InterPodAffinity": failed to parse pod: ${problem}` };
      }
      return cluster.nodes.some((node) => weightsOn(pod, node, hardWeight, cluster).length > 0)
        ? undefined
        : "skip";
    },
    score(pod, node, cluster) {
      let sum = 0n;
      for (const other of cluster.nodes) {
        for (const { key, value, weight } of weightsOn(pod, other, hardWeight, cluster)) {
          if (labelOf(node, key) === value) sum += weight;
        }
      }
      return sum;
    },
    normalizeScore(scores) {
      const numbers = scores.map(Number);
      const least = Math.min(...numbers);
      const greatest = Math.max(...numbers);
      return numbers.map((score) =>
        greatest === least ? 0n : BigInt(Math.trunc(100 * ((score - least) / (greatest - least)))),
      );
    },
  };
}

function labelOf(node: ReferenceNode, key = ""): string | undefined {
  return node.object.metadata?.labels?.[key];
}

/** Pods of a sort on nodes that agree with a node in the term's topology key. */
function countInDomain(
  { topologyKey }: PodAffinityTerm,
  node: ReferenceNode,
  cluster: ReferenceCluster,
  counts: (pod: PodTemplate) => boolean,
): number {
  const value = labelOf(node, topologyKey);
  if (value === undefined) return 0;
  const domain = cluster.nodes.filter((other) => labelOf(other, topologyKey) === value);
  return domain.flatMap(({ pods }) => pods).filter(({ pod }) => counts(pod)).length;
}

function satisfiesAffinity(
  pod: PodTemplate,
  terms: readonly PodAffinityTerm[],
  node: ReferenceNode,
  cluster: ReferenceCluster,
): boolean {
  if (terms.some(({ topologyKey }) => labelOf(node, topologyKey) === undefined)) return false;
  const all = (other: PodTemplate): boolean =>
    terms.every((term) => termMeans(term, pod, other, "incoming", cluster));
  if (terms.every((term) => countInDomain(term, node, cluster, all) > 0)) return true;
  const nobody = cluster.nodes.every((other) =>
    terms.every((term) => countInDomain(term, other, cluster, all) === 0),
  );
  return nobody && all(pod);
}

/** Topology pairs in which pods of a node do not want the incoming pod. */
function pairsThatMind(pod: PodTemplate, node: ReferenceNode, cluster: ReferenceCluster): [string, string][] {
  const pairs: [string, string][] = [];
  for (const { pod: existing } of node.pods) {
    for (const term of termsOf(existing).antiAffinity) {
      const value = labelOf(node, term.topologyKey);
      if (value !== undefined && termMeans(term, existing, pod, "existing", cluster)) {
        pairs.push([term.topologyKey ?? "", value]);
      }
    }
  }
  return pairs;
}

/** What the pods of a node add to the nodes that share a topology pair with it. */
function weightsOn(
  pod: PodTemplate,
  node: ReferenceNode,
  hardWeight: bigint,
  cluster: ReferenceCluster,
): { readonly key: string; readonly value: string; readonly weight: bigint }[] {
  const found: { readonly key: string; readonly value: string; readonly weight: bigint }[] = [];
  const add = ({ topologyKey = "" }: PodAffinityTerm, weight: bigint): void => {
    const value = labelOf(node, topologyKey);
    if (value !== undefined) found.push({ key: topologyKey, value, weight });
  };
  for (const { pod: existing } of node.pods) {
    const theirs = termsOf(existing);
    for (const { term, weight } of termsOf(pod).preferred) {
      if (termMeans(term, pod, existing, "incoming", cluster)) add(term, weight);
    }
    for (const term of hardWeight > 0n ? theirs.affinity : []) {
      if (termMeans(term, existing, pod, "existing", cluster)) add(term, hardWeight);
    }
    for (const { term, weight } of theirs.preferred) {
      if (termMeans(term, existing, pod, "existing", cluster)) add(term, weight);
    }
  }
  return found;
}
