import type { PodDisruptionBudgetObject } from "../../kubernetes/cluster-object.ts";
import { type CompiledLabelSelector, compileLabelSelector } from "../../kubernetes/label-selector.ts";
import type { PostFilterCycle } from "../../scheduler/plugin.ts";

interface Budget {
  readonly namespace: string;
  readonly selector: CompiledLabelSelector;
  readonly allowed: number;
  /** Names of pods whose disruption was counted already. */
  readonly disrupted: ReadonlySet<string>;
}

const NOBODY: ReadonlySet<number> = new Set();

const known = new WeakMap<readonly PodDisruptionBudgetObject[], readonly Budget[]>();

/**
 * Those of the pods, by row, before whom some PodDisruptionBudget stands. Budgets are charged in the order of their list, pod by
 * pod in the order given; the first one that is exhausted ends the walk for a pod. An empty selector guards nobody, and a pod
 * without labels is guarded by none (upstream: filterPodsWithPDBViolation in plugins/defaultpreemption).
 */
export function violatingPods(
  { cluster, podName }: Pick<PostFilterCycle, "cluster" | "podName">,
  pods: readonly number[],
): ReadonlySet<number> {
  const budgets = budgetsOf(cluster.objects.podDisruptionBudgets);
  if (budgets.length === 0) return NOBODY;
  const violating = new Set<number>();
  const left = budgets.map(({ allowed }) => allowed);
  for (const row of pods) {
    const { namespace, labels } = cluster.kindOf(row);
    if (labels.size === 0) continue;
    for (const [i, budget] of budgets.entries()) {
      if (budget.namespace !== namespace || !budget.selector.matches(labels)) continue;
      if (budget.disrupted.size > 0 && budget.disrupted.has(podName(row) ?? "")) continue;
      left[i]--;
      if (left[i] < 0) {
        violating.add(row);
        break;
      }
    }
  }
  return violating;
}

/** Whether some budget goes by names of pods, which not all know who know the pods. */
export function someGoByName(objects: readonly PodDisruptionBudgetObject[]): boolean {
  return budgetsOf(objects).some(({ disrupted }) => disrupted.size > 0);
}

function budgetsOf(objects: readonly PodDisruptionBudgetObject[]): readonly Budget[] {
  let budgets = known.get(objects);
  if (budgets === undefined) {
    budgets = objects.flatMap(({ metadata, spec, status }) => {
      const selector = compileLabelSelector(spec?.selector);
      if (selector.isEmpty || selector.isNothing || selector.problems.length > 0) return [];
      return {
        namespace: metadata?.namespace || "default",
        selector,
        allowed: status?.disruptionsAllowed ?? 0,
        disrupted: new Set(Object.keys(status?.disruptedPods ?? {})),
      };
    });
    known.set(objects, budgets);
  }
  return budgets;
}
