import type { PodKind } from "../../cluster/pod-kind.ts";
import type { NodeSelectorTerm } from "../../kubernetes/node-selector.ts";
import type { SignFragments } from "../../scheduler/batching/sign.ts";

/** Node selector and node affinity, in an order that does not depend on how they were written. */
export function signNodeAffinity({ spec: { affinity, nodeSelector = {} } }: PodKind): SignFragments {
  const { nodeAffinity } = affinity ?? {};
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const preferred = nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return {
    "v1.Pod.Spec.Affinity.NodeAffinity": nodeAffinity && {
      // No terms match nothing, which is not the same as nothing required.
      Required: required && (required.nodeSelectorTerms ?? []).map(termText).sort(),
      Preferred: preferred
        .map(({ weight, preference }) => JSON.stringify([weight, preference && termText(preference)]))
        .sort(),
    },
    "v1.Pod.Spec.Affinity.NodeSelector": Object.entries(nodeSelector).sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}

function termText({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): string {
  return JSON.stringify(
    [matchExpressions, matchFields].map((requirements) =>
      requirements
        .map(({ key, operator, values = [] }) => JSON.stringify([key, operator, [...values].sort()]))
        .sort(),
    ),
  );
}
