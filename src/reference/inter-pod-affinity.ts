import type { PodTemplate } from "../cluster/specs.ts";
import type { PodAffinityTerm } from "../kubernetes/affinity.ts";
import { unresolvable, unschedulable } from "../scheduler/status.ts";
import { oncePerCluster } from "./once-per-cluster.ts";
import { termMeans, termsOf } from "./pod-affinity-terms.ts";
import type { ReferenceCluster, ReferenceNode, ReferencePlugin } from "./reference-plugin.ts";

/** InterPodAffinity with its arguments; absent ones have upstream's defaults. */
export function referenceInterPodAffinity(args: {
  readonly hardPodAffinityWeight?: number;
  readonly ignorePreferredTermsOfExistingPods?: boolean;
}): ReferencePlugin {
  const hardWeight = BigInt(args.hardPodAffinityWeight ?? 1);
  const weightsIn = oncePerCluster((pod, cluster) =>
    cluster.nodes.flatMap((node) => weightsOn(pod, node, hardWeight, cluster)),
  );
  return {
    preFilter(pod, cluster) {
      const { affinity, antiAffinity, problem } = termsOf(pod);
      if (problem !== undefined) return { rejected: unresolvable(`parsing pod: ${problem}`) };
      const minded = companyOf(pod, cluster).minding.length > 0;
      return minded || affinity.length + antiAffinity.length > 0 ? undefined : "skip";
    },
    filter(pod, node, cluster) {
      const { affinity, antiAffinity, problem } = termsOf(pod);
      if (problem !== undefined) return undefined;
      const { liked, disliked, minding } = companyOf(pod, cluster);
      if (!satisfiesAffinity(pod, affinity, node, liked, cluster)) {
        return unresolvable("node(s) didn't match pod affinity rules");
      }
      for (const [i, term] of antiAffinity.entries()) {
        if (disliked[i].some((other) => sharesDomain(term, node, other))) {
          return unschedulable("node(s) didn't match pod anti-affinity rules");
        }
      }
      if (minding.some(([key, value]) => labelOf(node, key) === value)) {
        return unschedulable("node(s) didn't satisfy existing pods anti-affinity rules");
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
        return { error: `failed to parse pod: ${problem}` };
      }
      return weightsIn(pod, cluster).length > 0 ? undefined : "skip";
    },
    score(pod, node, cluster) {
      let sum = 0n;
      for (const { key, value, weight } of weightsIn(pod, cluster)) {
        if (labelOf(node, key) === value) sum += weight;
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

/** Nodes with a pod that means something to the incoming one. */
const companyOf = oncePerCluster((pod, cluster) => {
  const { affinity, antiAffinity } = termsOf(pod);
  const nodesWith = (terms: readonly PodAffinityTerm[]): ReferenceNode[] =>
    cluster.nodes.filter(({ pods }) =>
      pods.some(({ pod: other }) => terms.every((term) => termMeans(term, pod, other, "incoming", cluster))),
    );
  return {
    /** With a pod that all affinity terms mean. */
    liked: affinity.length === 0 ? [] : nodesWith(affinity),
    /** For each anti-affinity term, with a pod that it means. */
    disliked: antiAffinity.map((term) => nodesWith([term])),
    /** Topology pairs in which some pod does not want the incoming one. */
    minding: cluster.nodes.flatMap((node) => pairsThatMind(pod, node, cluster)),
  };
});

function sharesDomain({ topologyKey }: PodAffinityTerm, a: ReferenceNode, b: ReferenceNode): boolean {
  const value = labelOf(a, topologyKey);
  return value !== undefined && value === labelOf(b, topologyKey);
}

function satisfiesAffinity(
  pod: PodTemplate,
  terms: readonly PodAffinityTerm[],
  node: ReferenceNode,
  liked: readonly ReferenceNode[],
  cluster: ReferenceCluster,
): boolean {
  if (terms.some(({ topologyKey }) => labelOf(node, topologyKey) === undefined)) return false;
  if (terms.every((term) => liked.some((other) => sharesDomain(term, node, other)))) return true;
  const nobody = liked.every((other) =>
    terms.every(({ topologyKey }) => labelOf(other, topologyKey) === undefined),
  );
  return nobody && terms.every((term) => termMeans(term, pod, pod, "incoming", cluster));
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
