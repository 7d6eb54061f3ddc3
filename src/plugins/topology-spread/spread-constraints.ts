import type { PodKind } from "../../cluster/pod-kind.ts";
import type { TopologySpreadConstraint, UnsatisfiableAction } from "../../kubernetes/affinity.ts";
import { type CompiledLabelSelector, compileLabelSelector } from "../../kubernetes/label-selector.ts";
import { defaultSelector, narrowed, type SelectingObjects } from "./default-selector.ts";

/** A constraint of a pod, ready to count with. */
export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
  /** 1 when the pod itself counts where it goes. */
  readonly selfMatch: 0 | 1;
  /** `{}` counts no pod, but matches the pod itself and what is put on nodes in thought. */
  readonly countsNothing: boolean;
  /** In the pod's namespace and selected; deletion is not looked at. */
  readonly matches: (other: PodKind) => boolean;
}

/** The constraints of one pod with one action. */
export interface SpreadConstraints {
  readonly list: readonly SpreadConstraint[];
  /** Whether a node that lacks one of the keys is left out when scoring; not so under the system's defaults. */
  readonly requireAll: boolean;
}

export interface DefaultConstraints {
  readonly constraints: readonly TopologySpreadConstraint[];
  readonly requireAll: boolean;
}

/**
 * The constraints of a pod with one action, or the defaults when it has no constraint at all; undefined when none is left.
 * Source: pkg/scheduler/framework/plugins/podtopologyspread/common.go.
 */
export function spreadConstraints(
  pod: PodKind,
  action: UnsatisfiableAction,
  defaults: DefaultConstraints,
  objects: SelectingObjects,
): SpreadConstraints | undefined {
  const own = pod.spec.topologySpreadConstraints ?? [];
  const wanted = (own.length > 0 ? own : defaults.constraints).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === action,
  );
  if (wanted.length === 0) return undefined;
  if (own.length > 0) {
    const list = wanted.map((constraint) => compile(constraint, ownSelector(constraint, pod), pod));
    return { list, requireAll: true };
  }
  const selector = defaultSelector(pod, objects);
  if (selector === undefined) return undefined;
  return {
    list: wanted.map((constraint) => compile(constraint, selector, pod)),
    requireAll: defaults.requireAll,
  };
}

function ownSelector(
  { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint,
  pod: PodKind,
): CompiledLabelSelector {
  const pairs = matchLabelKeys.flatMap((key) => {
    const value = pod.labels.get(key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return narrowed(compileLabelSelector(labelSelector), pairs);
}

function compile(
  constraint: TopologySpreadConstraint,
  selector: CompiledLabelSelector,
  pod: PodKind,
): SpreadConstraint {
  /** Verdicts by kind; 0 where nobody asked yet, 1 yes, 2 no. */
  const known: number[] = [];
  return {
    topologyKey: constraint.topologyKey ?? "",
    maxSkew: constraint.maxSkew ?? 0,
    minDomains: constraint.minDomains ?? 1,
    honorsAffinity: (constraint.nodeAffinityPolicy ?? "Honor") === "Honor",
    honorsTaints: constraint.nodeTaintsPolicy === "Honor",
    selfMatch: selector.matches(pod.labels) ? 1 : 0,
    countsNothing: selector.isEmpty,
    matches(other) {
      const verdict = known[other.id] ?? 0;
      if (verdict !== 0) return verdict === 1;
      const matches = other.namespace === pod.namespace && selector.matches(other.labels);
      while (known.length <= other.id) known.push(0);
      known[other.id] = matches ? 1 : 2;
      return matches;
    },
  };
}
