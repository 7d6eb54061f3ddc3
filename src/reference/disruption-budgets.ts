import type { PodDisruptionBudgetObject } from "../kubernetes/cluster-object.ts";
import { compileLabelSelector } from "../kubernetes/label-selector.ts";
import { labelSelectorMatches } from "./label-selector-matches.ts";
import { namespaceOf, type PlacedPod } from "./reference-plugin.ts";
import { isEmpty } from "./spread-constraints.ts";

/**
 * Which pods a budget protects when they leave in this order: each charges the budgets that mean it, one after the other,
 * until one has nothing left (upstream: filterPodsWithPDBViolation).
 */
export function chargeBudgets(
  pods: readonly PlacedPod[],
  budgets: readonly PodDisruptionBudgetObject[],
): { readonly violating: readonly PlacedPod[]; readonly harmless: readonly PlacedPod[] } {
  const left = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0);
  const violating = pods.filter((placed) => {
    for (const [i, budget] of budgets.entries()) {
      if (!means(budget, placed)) continue;
      left[i]--;
      if (left[i] < 0) return true;
    }
    return false;
  });
  return { violating, harmless: pods.filter((placed) => !violating.includes(placed)) };
}

function means(budget: PodDisruptionBudgetObject, { pod: { object } }: PlacedPod): boolean {
  const labels = object.metadata?.labels ?? {};
  const { selector } = budget.spec ?? {};
  if (namespaceOf(budget) !== namespaceOf(object) || Object.keys(labels).length === 0) return false;
  // Whether a selector parses is shared with the fast scheduler; what it matches is decided here.
  if (selector === undefined || isEmpty(selector) || compileLabelSelector(selector).problems.length > 0)
    return false;
  if (!labelSelectorMatches(selector, labels)) return false;
  return budget.status?.disruptedPods?.[object.metadata?.name ?? ""] === undefined;
}
