import { labelRequirementProblems, quoteList } from "./label-requirement.ts";
import type { StringRecord } from "./object-meta.ts";

export const labelSelectorOperators = ["In", "NotIn", "Exists", "DoesNotExist"] as const;
export type LabelSelectorOperator = (typeof labelSelectorOperators)[number];

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: LabelSelectorOperator;
  readonly values?: readonly string[];
}

/** All of `matchLabels` and all of `matchExpressions` must hold. */
export interface LabelSelector {
  readonly matchLabels?: StringRecord;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface CompiledLabelSelector {
  matches(labels: ReadonlyMap<string, string>): boolean;
  /** True for `{}` only, which matches everything; some plugins treat it apart. An absent selector is not empty. */
  readonly isEmpty: boolean;
  /** True for an absent selector, which matches nothing. */
  readonly isNothing: boolean;
  /** What the API says against the selector; it matches nothing then. */
  readonly problems: readonly string[];
}

/**
 * Compiles a label selector: absent matches nothing, `{}` everything; `NotIn` matches an object that lacks the key.
 * Source: apimachinery/pkg/apis/meta/v1, `LabelSelectorAsSelector`.
 */
export function compileLabelSelector(selector: LabelSelector | undefined): CompiledLabelSelector {
  if (selector === undefined) return { matches: () => false, isEmpty: false, isNothing: true, problems: [] };
  const equal = Object.entries(selector.matchLabels ?? {});
  const expressions = selector.matchExpressions ?? [];
  const problems = [
    ...equal.flatMap(([key, value]) =>
      labelRequirementProblems({ key, operator: "In", values: [value] }, ""),
    ),
    ...expressions.flatMap((requirement) =>
      (labelSelectorOperators as readonly string[]).includes(requirement.operator)
        ? labelRequirementProblems(requirement, "")
        : [`${quoteList([requirement.operator])} is not a valid label selector operator`],
    ),
  ];
  if (problems.length > 0) return { matches: () => false, isEmpty: false, isNothing: false, problems };
  const predicates = [
    ...equal.map(
      ([key, value]) =>
        (labels: ReadonlyMap<string, string>) =>
          labels.get(key) === value,
    ),
    ...expressions.map(compileLabelRequirement),
  ];
  return {
    matches: (labels) => predicates.every((predicate) => predicate(labels)),
    isEmpty: predicates.length === 0,
    isNothing: false,
    problems,
  };
}

/** The predicate of one requirement that has no problems. */
function compileLabelRequirement({ key, operator, values = [] }: LabelSelectorRequirement) {
  const wanted = new Set(values);
  return (labels: ReadonlyMap<string, string>): boolean => {
    const value = labels.get(key);
    switch (operator) {
      case "In":
        return value !== undefined && wanted.has(value);
      case "NotIn":
        return value === undefined || !wanted.has(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
    }
  };
}
