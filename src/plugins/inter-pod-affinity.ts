import { InvariantViolation } from "../base/errors.ts";
import type { NodeColumns } from "../cluster/node-columns.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { Plugin } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unresolvable } from "../scheduler/status.ts";
import { AffinityStanding } from "./pod-affinity/affinity-standing.ts";
import { countedPerKind } from "./pod-affinity/counted-per-kind.ts";
import { DomainCounts } from "./pod-affinity/domain-counts.ts";
import { podAffinityTerms } from "./pod-affinity/pod-affinity-terms.ts";
import { preferredContributions } from "./pod-affinity/preferred-contributions.ts";
import { RequiredCounts, requiredRelation } from "./pod-affinity/required-counts.ts";
import { normalizeSums, sumOverKeys } from "./pod-affinity/sum-over-keys.ts";

/** InterPodAffinityArgs of the kube-scheduler's configuration. */
export interface InterPodAffinityArgs {
  /** What a required affinity term of a pod that is there weighs in the score, 0..100; 1 when absent. */
  readonly hardPodAffinityWeight?: number;
  /** Pods without preferred terms are not scored. The terms of others count all the same for pods that have some. */
  readonly ignorePreferredTermsOfExistingPods?: boolean;
}

/**
 * Affinity and anti-affinity between pods, required and preferred, of the pod and of those that are there (upstream:
 * plugins/interpodaffinity). Terminating pods count.
 */
export function interPodAffinity(args: InterPodAffinityArgs = {}): Plugin {
  const { hardPodAffinityWeight = 1, ignorePreferredTermsOfExistingPods = false } = args;
  const required = countedPerKind(requiredRelation, (relation, nodes) =>
    RequiredCounts.ofEmptyCluster(relation, nodes),
  );
  const preferred = countedPerKind(
    (cycle) => preferredContributions(hardPodAffinityWeight, cycle),
    (contributions, nodes) => new DomainCounts(contributions, nodes),
  );

  /** The counts that decide about a pod; undefined when nothing does. */
  const relevant: (...cycle: Parameters<typeof required>) => RequiredCounts | undefined = (cycle) => {
    if (cycle.nodes.podsWithAffinity === 0 && !hasRequiredTerms(cycle.pod)) return undefined;
    const { counts } = required(cycle);
    return counts.irrelevant ? undefined : counts;
  };

  const scores = (pod: PodKind, { podsWithAffinity }: NodeColumns): boolean =>
    hasPreferredTerms(pod) || (!ignorePreferredTermsOfExistingPods && podsWithAffinity > 0);

  const preFilter: Plugin["preFilter"] = ({ pod }) => {
    const { problem } = podAffinityTerms(pod);
    return problem === undefined ? undefined : { rejected: unresolvable(`parsing pod: ${problem}`) };
  };
  const filter: Plugin["filter"] = (cycle) => {
    const decisive = relevant(cycle);
    return decisive && keepWhere((node) => decisive.passes(node));
  };
  const score: Plugin["score"] = (cycle) => {
    const { pod, nodes } = cycle;
    if (!scores(pod, nodes)) return undefined;
    const { problem } = podAffinityTerms(pod);
    if (problem !== undefined) {
      throw new InvariantViolation(
        `running PreScore plugin "InterPodAffinity": failed to parse pod: ${problem}`,
      );
    }
    const { entries, domains } = preferred(cycle).counts;
    // Skipped when no term matched; weights that cancel each other out are matches all the same.
    return entries === 0 ? undefined : (feasible, raw) => sumOverKeys(domains, feasible, raw);
  };
  const counts = { required, preferred, ignoresExisting: ignorePreferredTermsOfExistingPods };

  return {
    name: "InterPodAffinity",
    standing: {
      insteadOf: { preFilter, filter, score, normalizeScore: normalizeSums },
      of: (cycle) =>
        podAffinityTerms(cycle.pod).problem === undefined ? new AffinityStanding(cycle, counts) : undefined,
    },
    preFilter,
    filter,
    judge: (cycle) => relevant(cycle)?.judge,
    whatIf(cycle) {
      const counts = relevant(cycle)?.copy();
      return (
        counts && {
          judge: counts.judge,
          addPod: (_row, pod, node) => counts.count(pod, node, 1),
          removePod: (_row, pod, node) => counts.count(pod, node, -1),
        }
      );
    },
    score,
    normalizeScore: normalizeSums,
    sign({ spec: { affinity }, labels }) {
      if (affinity?.podAffinity !== undefined || affinity?.podAntiAffinity !== undefined) return "declines";
      // Terms of the pods that are there may select it by its labels.
      return ignorePreferredTermsOfExistingPods
        ? {}
        : { "v1.Pod.Labels": [...labels].sort(([a], [b]) => (a < b ? -1 : 1)) };
    },
    eventsToRegister: ["AssignedPodAdd", "AssignedPodDelete", "NodeAdd", "NodeUpdate"],
  };
}

function hasRequiredTerms({ spec: { affinity } }: PodKind): boolean {
  const { podAffinity, podAntiAffinity } = affinity ?? {};
  return (
    (podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).length > 0 ||
    (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).length > 0
  );
}

function hasPreferredTerms({ spec: { affinity } }: PodKind): boolean {
  const { podAffinity, podAntiAffinity } = affinity ?? {};
  return (
    (podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).length > 0 ||
    (podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).length > 0
  );
}
