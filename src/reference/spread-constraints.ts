import type { PodTemplate } from "../cluster/specs.ts";
import type { TopologySpreadConstraint, UnsatisfiableAction } from "../kubernetes/affinity.ts";
import type { LabelSelector } from "../kubernetes/label-selector.ts";
import { labelSelectorMatches } from "./label-selector-matches.ts";
import { namespaceOf, type ReferenceCluster, specOf } from "./reference-plugin.ts";

/** The constraints of a pod that have one action. */
export interface SpreadConstraints {
  readonly list: readonly TopologySpreadConstraint[];
  /** Whether nodes without one of the keys are left out of the score. */
  readonly requireAll: boolean;
}

const SYSTEM_DEFAULTS: readonly TopologySpreadConstraint[] = [
  { topologyKey: "kubernetes.io/hostname", maxSkew: 3, whenUnsatisfiable: "ScheduleAnyway" },
  { topologyKey: "topology.kubernetes.io/zone", maxSkew: 5, whenUnsatisfiable: "ScheduleAnyway" },
];

/**
 * What spreads a pod: its own constraints when it has any, otherwise the defaults, which select the pods that its services
 * and its controller select. The selector of each is complete.
 */
export function constraintsOf(
  pod: PodTemplate,
  action: UnsatisfiableAction,
  listed: readonly TopologySpreadConstraint[] | undefined,
  cluster: ReferenceCluster,
): SpreadConstraints {
  const own = specOf(pod).topologySpreadConstraints ?? [];
  if (own.length > 0) {
    const list = own
      .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
      .map((constraint) => withMatchLabelKeys(constraint, pod));
    return { list, requireAll: true };
  }
  const labelSelector = selectorOf(pod, cluster);
  const defaults = isEmpty(labelSelector) ? [] : (listed ?? SYSTEM_DEFAULTS);
  const list = defaults
    .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)
    .map((constraint) => ({ ...constraint, labelSelector }));
  return { list, requireAll: listed !== undefined };
}

/** Whether a selector asks for nothing; one that is not there is not empty. */
export function isEmpty(selector: LabelSelector | undefined): boolean {
  if (selector === undefined) return false;
  return Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
}

function withMatchLabelKeys(
  constraint: TopologySpreadConstraint,
  pod: PodTemplate,
): TopologySpreadConstraint {
  const { labelSelector, matchLabelKeys = [] } = constraint;
  if (labelSelector === undefined) return constraint;
  const labels = pod.object.metadata?.labels ?? {};
  const expressions = [...(labelSelector.matchExpressions ?? [])];
  for (const key of matchLabelKeys) {
    if (labels[key] !== undefined) expressions.push({ key, operator: "In", values: [labels[key]] });
  }
  return { ...constraint, labelSelector: { ...labelSelector, matchExpressions: expressions } };
}

function selectorOf(pod: PodTemplate, { objects }: ReferenceCluster): LabelSelector {
  const namespace = namespaceOf(pod.object);
  const labels = pod.object.metadata?.labels ?? {};
  const matchLabels: Record<string, string> = {};
  for (const service of objects.services) {
    const selector = service.spec?.selector;
    if (selector === undefined || namespaceOf(service) !== namespace) continue;
    if (!labelSelectorMatches({ matchLabels: selector }, labels)) continue;
    for (const [key, value] of Object.entries(selector)) matchLabels[key] = value;
  }
  const controller = (pod.object.metadata?.ownerReferences ?? []).find((owner) => owner.controller === true);
  if (controller === undefined) return { matchLabels };
  const selector = objects.owners.find(
    (owner) =>
      owner.kind === controller.kind &&
      owner.metadata?.name === controller.name &&
      namespaceOf(owner) === namespace,
  )?.spec?.selector;
  const { apiVersion, kind } = controller;
  if (apiVersion === "v1" && kind === "ReplicationController") {
    for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) matchLabels[key] = value;
    return { matchLabels };
  }
  if (apiVersion !== "apps/v1" || (kind !== "ReplicaSet" && kind !== "StatefulSet")) return { matchLabels };
  const required = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: "In" as const,
    values: [value],
  }));
  return { matchLabels, matchExpressions: [...required, ...(selector?.matchExpressions ?? [])] };
}
