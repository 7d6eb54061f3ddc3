import type { PodTemplate } from "../cluster/specs.ts";
import type { TopologySpreadConstraint } from "../kubernetes/affinity.ts";
import { unresolvable, unschedulable } from "../scheduler/status.ts";
import { labelSelectorMatches } from "./label-selector-matches.ts";
import { isWanted } from "./node-affinity.ts";
import { oncePerCluster } from "./once-per-cluster.ts";
import {
  namespaceOf,
  type ReferenceCluster,
  type ReferenceNode,
  type ReferencePlugin,
  specOf,
} from "./reference-plugin.ts";
import { SmallestDomain } from "./smallest-domain.ts";
import { constraintsOf, isEmpty } from "./spread-constraints.ts";
import { bearsAll } from "./tolerates.ts";

const HOSTNAME = "kubernetes.io/hostname";
const MISSING = unresolvable("node(s) didn't match pod topology spread constraints (missing required label)");
const SKEWED = unschedulable("node(s) didn't match pod topology spread constraints");

/** PodTopologySpread; the system's default constraints when none are listed. */
export function referencePodTopologySpread(args: {
  readonly defaultConstraints?: readonly TopologySpreadConstraint[];
  readonly comparisonOperators?: boolean;
}): ReferencePlugin {
  const hardOf = (pod: PodTemplate, cluster: ReferenceCluster) =>
    constraintsOf(pod, "DoNotSchedule", args.defaultConstraints, cluster).list;
  const softOf = (pod: PodTemplate, cluster: ReferenceCluster) =>
    constraintsOf(pod, "ScheduleAnyway", args.defaultConstraints, cluster);

  /** Whether a constraint looks at a node at all. */
  const includes = (constraint: TopologySpreadConstraint, pod: PodTemplate, node: ReferenceNode): boolean => {
    if (constraint.nodeAffinityPolicy !== "Ignore" && !isWanted(specOf(pod), node)) return false;
    if (constraint.nodeTaintsPolicy !== "Honor") return true;
    const { taints } = node.object.spec ?? {};
    return bearsAll(specOf(pod).tolerations, taints, args.comparisonOperators);
  };

  /** Pods by value of each hard constraint's key, and the least of them, as PreFilter and what came after left them. */
  const countsOf = oncePerCluster((pod, cluster) => {
    const constraints = hardOf(pod, cluster);
    const { before = cluster, changes = [] } = cluster.thought ?? {};
    return constraints.map((constraint) => {
      const counts = new Map<string, number>();
      for (const node of before.nodes) {
        if (!hasAllKeys(node, constraints) || !includes(constraint, pod, node)) continue;
        const value = labelOf(node, constraint)!;
        counts.set(value, (counts.get(value) ?? 0) + countOn(node, constraint, pod));
      }
      const smallest = new SmallestDomain();
      for (const [value, count] of counts) smallest.update(value, count);
      for (const { placed, by } of changes) {
        const node = before.nodes.find(({ name }) => name === placed.node);
        if (node === undefined || !hasAllKeys(node, constraints) || !includes(constraint, pod, node))
          continue;
        // Here a pod that is being deleted counts, and an empty selector matches.
        if (!isSelected(placed.pod, constraint, pod)) continue;
        const value = labelOf(node, constraint)!;
        counts.set(value, (counts.get(value) ?? 0) + by);
        smallest.update(value, counts.get(value)!);
      }
      return { counts, least: counts.size < (constraint.minDomains ?? 1) ? 0 : smallest.least };
    });
  });

  /** ln(domains + 2) of each soft constraint, and pods by value of its key among the values of feasible nodes. */
  const weigh = (pod: PodTemplate, cluster: ReferenceCluster, feasible: readonly ReferenceNode[]) => {
    const { list, requireAll } = softOf(pod, cluster);
    const isIgnored = (node: ReferenceNode): boolean => requireAll && !hasAllKeys(node, list);
    const kept = feasible.filter((node) => !isIgnored(node));
    return list.map((constraint) => {
      if (constraint.topologyKey === HOSTNAME)
        return { weight: Math.log(kept.length + 2), counts: undefined };
      const counts = new Map(kept.map((node) => [labelOf(node, constraint) ?? "", 0]));
      for (const node of cluster.nodes) {
        const value = labelOf(node, constraint) ?? "";
        const before = counts.get(value);
        if (before === undefined || isIgnored(node) || !includes(constraint, pod, node)) continue;
        counts.set(value, before + countOn(node, constraint, pod));
      }
      return { weight: Math.log(counts.size + 2), counts };
    });
  };
  const weighed = new WeakMap<readonly ReferenceNode[], ReturnType<typeof weigh>>();

  return {
    preFilter: (pod, cluster) => (hardOf(pod, cluster).length === 0 ? "skip" : undefined),
    filter(pod, node, cluster) {
      const counts = countsOf(pod, cluster);
      for (const [i, constraint] of hardOf(pod, cluster).entries()) {
        const value = labelOf(node, constraint);
        if (value === undefined) return MISSING;
        const itself = labelSelectorMatches(constraint.labelSelector, labelsOf(pod)) ? 1 : 0;
        const skew = (counts[i].counts.get(value) ?? 0) + itself - counts[i].least;
        if (skew > (constraint.maxSkew ?? 0)) return SKEWED;
      }
      return undefined;
    },
    preScore: (pod, cluster) => (softOf(pod, cluster).list.length === 0 ? "skip" : undefined),
    score(pod, node, cluster, feasible) {
      const { list, requireAll } = softOf(pod, cluster);
      if (requireAll && !hasAllKeys(node, list)) return 0n;
      const weights = weighed.get(feasible) ?? weigh(pod, cluster, feasible);
      weighed.set(feasible, weights);
      let sum = 0;
      for (const [i, constraint] of list.entries()) {
        const value = labelOf(node, constraint);
        if (value === undefined) continue;
        const { weight, counts } = weights[i];
        const count = counts === undefined ? countOn(node, constraint, pod) : (counts.get(value) ?? 0);
        sum += count * weight + ((constraint.maxSkew ?? 0) - 1);
      }
      return BigInt(Math.round(sum));
    },
    normalizeScore(scores, feasible, pod, cluster) {
      const { list, requireAll } = softOf(pod, cluster);
      const isIgnored = feasible.map((node) => requireAll && !hasAllKeys(node, list));
      const kept = scores.filter((_, i) => !isIgnored[i]);
      const sorted = [...kept].sort((a, b) => Number(a - b));
      const least = sorted[0] ?? 0n;
      const greatest = sorted.at(-1) ?? 0n;
      return scores.map((score, i) => {
        if (isIgnored[i]) return 0n;
        return greatest === 0n ? 100n : (100n * (greatest + least - score)) / greatest;
      });
    },
  };
}

function labelsOf(pod: PodTemplate): Readonly<Record<string, string>> {
  return pod.object.metadata?.labels ?? {};
}

function labelOf(node: ReferenceNode, { topologyKey = "" }: TopologySpreadConstraint): string | undefined {
  return node.object.metadata?.labels?.[topologyKey];
}

function hasAllKeys(node: ReferenceNode, constraints: readonly TopologySpreadConstraint[]): boolean {
  return constraints.every((constraint) => labelOf(node, constraint) !== undefined);
}

function isSelected(
  other: PodTemplate,
  { labelSelector }: TopologySpreadConstraint,
  pod: PodTemplate,
): boolean {
  return (
    namespaceOf(other.object) === namespaceOf(pod.object) &&
    labelSelectorMatches(labelSelector, labelsOf(other))
  );
}

/** Pods on a node that a constraint counts: none for an empty selector, none that are being deleted. */
function countOn(node: ReferenceNode, constraint: TopologySpreadConstraint, pod: PodTemplate): number {
  if (isEmpty(constraint.labelSelector)) return 0;
  return node.pods.filter(
    ({ pod: other }) =>
      other.object.metadata?.deletionTimestamp === undefined && isSelected(other, constraint, pod),
  ).length;
}
