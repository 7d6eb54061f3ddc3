import type { PodTemplate } from "../cluster/specs.ts";
import type { PodAffinityTerm, WeightedPodAffinityTerm } from "../kubernetes/affinity.ts";
import { compileLabelSelector } from "../kubernetes/label-selector.ts";
import { labelSelectorMatches } from "./label-selector-matches.ts";
import { namespaceOf, type ReferenceCluster, specOf } from "./reference-plugin.ts";

export interface PodTerms {
  readonly affinity: readonly PodAffinityTerm[];
  readonly antiAffinity: readonly PodAffinityTerm[];
  /** Anti-affinity has negative weights. */
  readonly preferred: readonly { readonly weight: bigint; readonly term: PodAffinityTerm }[];
  readonly problem: string | undefined;
}

/** Templates do not change: the terms of one are read once. */
const known = new WeakMap<PodTemplate, PodTerms>();

/** The terms of a pod as the scheduler holds them: a list in which a selector does not parse is empty. */
export function termsOf(pod: PodTemplate): PodTerms {
  const terms = known.get(pod) ?? readTerms(pod);
  known.set(pod, terms);
  return terms;
}

function readTerms(pod: PodTemplate): PodTerms {
  const { podAffinity, podAntiAffinity } = specOf(pod).affinity ?? {};
  const problems: string[] = [];
  const parsed = <T>(
    list: string,
    terms: readonly T[] = [],
    termOf: (term: T) => PodAffinityTerm,
  ): readonly T[] => {
    for (const { labelSelector, namespaceSelector } of terms.map(termOf)) {
      for (const selector of [labelSelector, namespaceSelector]) {
        // Only the text of the parse error is shared with the fast scheduler; what matches is decided here.
        const found = compileLabelSelector(selector).problems;
        if (found.length === 0) continue;
        problems.push(`${list}: ${joined(found)}`);
        return [];
      }
    }
    return terms;
  };
  const itself = (term: PodAffinityTerm): PodAffinityTerm => term;
  const inner = (term: WeightedPodAffinityTerm): PodAffinityTerm => term.podAffinityTerm ?? {};
  const signed = (sign: bigint) => (term: WeightedPodAffinityTerm) => ({
    weight: sign * BigInt(term.weight ?? 0),
    term: inner(term),
  });
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
  const affinity = parsed("requiredAffinityTerms", podAffinity?.[required], itself);
  const antiAffinity = parsed("requiredAntiAffinityTerms", podAntiAffinity?.[required], itself);
  const drawn = parsed("preferredAffinityTerms", podAffinity?.[preferred], inner);
  const repelled = parsed("preferredAntiAffinityTerms", podAntiAffinity?.[preferred], inner);
  return {
    affinity,
    antiAffinity,
    preferred: [...drawn.map(signed(1n)), ...repelled.map(signed(-1n))],
    problem: problems.length === 0 ? undefined : joined(problems),
  };
}

/**
 * Whether a term of `owner` means `other`. Of the incoming pod's own terms a namespace selector means namespaces that exist
 * and match, and `{}` all of them; of terms of pods that are there it looks at the labels of the incoming pod's namespace.
 */
export function termMeans(
  term: PodAffinityTerm,
  owner: PodTemplate,
  other: PodTemplate,
  whose: "incoming" | "existing",
  cluster: ReferenceCluster,
): boolean {
  const namespace = namespaceOf(other.object);
  const { namespaces = [], namespaceSelector } = term;
  const listed =
    namespaces.length === 0 && namespaceSelector === undefined ? [namespaceOf(owner.object)] : namespaces;
  const object = cluster.objects.namespaces.find(({ metadata }) => metadata?.name === namespace);
  const empty =
    namespaceSelector !== undefined &&
    Object.keys(namespaceSelector.matchLabels ?? {}).length === 0 &&
    (namespaceSelector.matchExpressions ?? []).length === 0;
  const known = object !== undefined || whose === "existing" || empty;
  const selected = known && labelSelectorMatches(namespaceSelector, object?.metadata?.labels ?? {});
  const labels = other.object.metadata?.labels ?? {};
  return (listed.includes(namespace) || selected) && labelSelectorMatches(term.labelSelector, labels);
}

function joined(problems: readonly string[]): string {
  return problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`;
}
