import type { PodKind } from "../../cluster/pod-kind.ts";
import type { PodAffinityTerm, WeightedPodAffinityTerm } from "../../kubernetes/affinity.ts";
import { type CompiledLabelSelector, compileLabelSelector } from "../../kubernetes/label-selector.ts";

/** A term of pod affinity or anti-affinity, compiled; `matchLabelKeys` are in the selector already (the API server merges them). */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly selector: CompiledLabelSelector;
  /** The namespaces that are listed, or the pod's own when the term names none and selects none. */
  readonly namespaces: ReadonlySet<string>;
  readonly namespaceSelector: CompiledLabelSelector;
  /** 1 for required terms. */
  readonly weight: number;
}

interface PodAffinityTerms {
  readonly affinity: readonly AffinityTerm[];
  readonly antiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly AffinityTerm[];
  readonly preferredAntiAffinity: readonly AffinityTerm[];
  /** What upstream says when a selector does not parse; the list that it stands in is empty then. */
  readonly problem: string | undefined;
}

const NO_TERMS: PodAffinityTerms = {
  affinity: [],
  antiAffinity: [],
  preferredAffinity: [],
  preferredAntiAffinity: [],
  problem: undefined,
};

const known = new WeakMap<PodKind, PodAffinityTerms>();

/** The terms of a kind, compiled once (upstream: PodInfo.Update in pkg/scheduler/framework/types.go). */
export function podAffinityTerms(pod: PodKind): PodAffinityTerms {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  if (podAffinity === undefined && podAntiAffinity === undefined) return NO_TERMS;
  let terms = known.get(pod);
  if (terms === undefined) {
    const problems: string[] = [];
    const compile = (list: string, weighted: readonly WeightedPodAffinityTerm[] = []): AffinityTerm[] => {
      const compiled = weighted.map((term) => compileTerm(pod, term));
      const broken = compiled.flatMap((term) => [term.selector, term.namespaceSelector]).find(hasProblems);
      if (broken === undefined) return compiled;
      problems.push(`${list}: ${aggregate(broken.problems)}`);
      return [];
    };
    terms = {
      affinity: compile("requiredAffinityTerms", required(podAffinity)),
      antiAffinity: compile("requiredAntiAffinityTerms", required(podAntiAffinity)),
      preferredAffinity: compile(
        "preferredAffinityTerms",
        podAffinity?.preferredDuringSchedulingIgnoredDuringExecution,
      ),
      preferredAntiAffinity: compile(
        "preferredAntiAffinityTerms",
        podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution,
      ),
      problem: problems.length === 0 ? undefined : aggregate(problems),
    };
    known.set(pod, terms);
  }
  return terms;
}

function required(
  affinity:
    | { readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[] }
    | undefined,
): WeightedPodAffinityTerm[] {
  const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.map((podAffinityTerm) => ({ weight: 1, podAffinityTerm }));
}

function compileTerm(
  pod: PodKind,
  { weight = 0, podAffinityTerm = {} }: WeightedPodAffinityTerm,
): AffinityTerm {
  const { topologyKey = "", labelSelector, namespaces = [], namespaceSelector } = podAffinityTerm;
  const own = namespaces.length === 0 && namespaceSelector === undefined;
  return {
    topologyKey,
    selector: compileLabelSelector(labelSelector),
    namespaces: new Set(own ? [pod.namespace] : namespaces),
    namespaceSelector: compileLabelSelector(namespaceSelector),
    weight,
  };
}

function hasProblems({ problems }: CompiledLabelSelector): boolean {
  return problems.length > 0;
}

/** Several errors as one text (apimachinery/pkg/util/errors, `Aggregate`). */
function aggregate(problems: readonly string[]): string {
  return problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`;
}
