import { labelRequirementProblems, quoteList } from "./label-requirement.ts";
import { parseInt64 } from "./label-syntax.ts";

export const nodeSelectorOperators = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"] as const;
export type NodeSelectorOperator = (typeof nodeSelectorOperators)[number];

export interface NodeSelectorRequirement {
  readonly key: string;
  readonly operator: NodeSelectorOperator;
  readonly values?: readonly string[];
}

/** All expressions and all fields must hold; a term with neither matches nothing. */
export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeSelectorRequirement[];
  /** The only field is `metadata.name`, with `In` or `NotIn` and exactly one value. */
  readonly matchFields?: readonly NodeSelectorRequirement[];
}

/** One of the terms must match; without terms it matches nothing. */
export interface NodeSelector {
  readonly nodeSelectorTerms?: readonly NodeSelectorTerm[];
}

export interface PreferredSchedulingTerm {
  readonly weight?: number;
  readonly preference?: NodeSelectorTerm;
}

export interface CompiledNodeSelector {
  matches(labels: ReadonlyMap<string, string>, nodeName: string): boolean;
}

export interface CompiledPreferredTerm extends CompiledNodeSelector {
  readonly weight: number;
}

export interface CompiledPreferredTerms {
  /** In the order given, without those of weight 0 and those that prefer nothing. */
  readonly terms: readonly CompiledPreferredTerm[];
  /** The text of the parse error that fails the cycle, or nothing. */
  readonly problem: string | undefined;
}

type NodePredicate = (labels: ReadonlyMap<string, string>, nodeName: string) => boolean;

/**
 * Compiles required terms. A term that does not parse matches nothing and the others still count.
 * Source: component-helpers/scheduling/corev1/nodeaffinity, `NewLazyErrorNodeSelector`.
 */
export function compileNodeSelector(selector: NodeSelector): CompiledNodeSelector {
  const terms = (selector.nodeSelectorTerms ?? [])
    .filter((term) => !isEmptyTerm(term) && termProblems(term, "").length === 0)
    .map(compileTerm);
  return { matches: (labels, nodeName) => terms.some((term) => term(labels, nodeName)) };
}

/**
 * What the API says against required terms, which the scheduler ignores and a user wants to know.
 * Each text begins with its place, such as `nodeSelectorTerms[0].matchExpressions[1].values[0]`.
 */
export function nodeSelectorProblems(selector: NodeSelector): string[] {
  return (selector.nodeSelectorTerms ?? []).flatMap((term, index) =>
    termProblems(term, `nodeSelectorTerms[${index}]`),
  );
}

/** Compiles preferred terms; one that does not parse fails them all. Source: the same, `NewPreferredSchedulingTerms`. */
export function compilePreferredTerms(preferred: readonly PreferredSchedulingTerm[]): CompiledPreferredTerms {
  const terms: CompiledPreferredTerm[] = [];
  const problems = new Set<string>();
  preferred.forEach(({ weight = 0, preference = {} }, index) => {
    if (weight === 0 || isEmptyTerm(preference)) return;
    const found = termProblems(preference, `[${index}]`);
    for (const problem of found) problems.add(problem);
    if (found.length === 0) terms.push({ weight, matches: compileTerm(preference) });
  });
  if (problems.size === 0) return { terms, problem: undefined };
  const texts = [...problems];
  return { terms: [], problem: texts.length === 1 ? texts[0] : `[${texts.join(", ")}]` };
}

function isEmptyTerm(term: NodeSelectorTerm): boolean {
  return (term.matchExpressions ?? []).length === 0 && (term.matchFields ?? []).length === 0;
}

function termProblems(term: NodeSelectorTerm, path: string): string[] {
  const expressions = (term.matchExpressions ?? []).flatMap((requirement, index) =>
    labelRequirementProblems(requirement, `${path}.matchExpressions[${index}]`),
  );
  const fields = (term.matchFields ?? []).flatMap((requirement, index) =>
    fieldProblems(requirement, `${path}.matchFields[${index}]`),
  );
  return [...expressions, ...fields];
}

function fieldProblems({ key, operator, values = [] }: NodeSelectorRequirement, path: string): string[] {
  if (key !== "metadata.name")
    return [`${path}.key: Invalid value: ${JSON.stringify(key)}: not a valid field selector key`];
  if (operator !== "In" && operator !== "NotIn") {
    return [
      `${path}.operator: Unsupported value: ${JSON.stringify(operator)}: supported values: "In", "NotIn"`,
    ];
  }
  if (values.length !== 1)
    return [`${path}.values: Invalid value: ${quoteList(values)}: must have one element`];
  return [];
}

function compileTerm(term: NodeSelectorTerm): NodePredicate {
  const predicates = [
    ...(term.matchExpressions ?? []).map(compileExpression),
    ...(term.matchFields ?? []).map(compileField),
  ];
  return (labels, nodeName) => predicates.every((predicate) => predicate(labels, nodeName));
}

function compileField({ operator, values = [] }: NodeSelectorRequirement): NodePredicate {
  const [wanted] = values;
  return operator === "In" ? (_, nodeName) => nodeName === wanted : (_, nodeName) => nodeName !== wanted;
}

function compileExpression({ key, operator, values = [] }: NodeSelectorRequirement): NodePredicate {
  const wanted = new Set(values);
  const bound = parseInt64(values[0] ?? "") ?? 0n;
  return (labels) => {
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
      case "Gt":
      case "Lt": {
        const number = value === undefined ? undefined : parseInt64(value);
        if (number === undefined) return false;
        return operator === "Gt" ? number > bound : number < bound;
      }
    }
  };
}
