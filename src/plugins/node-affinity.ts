import { InvariantViolation, UserError } from "../base/errors.ts";
import type { NodeAffinity } from "../kubernetes/affinity.ts";
import {
  compileNodeSelector,
  compilePreferredTerms,
  type NodeSelectorTerm,
  nodeSelectorProblems,
} from "../kubernetes/node-selector.ts";
import { labelsOf } from "../kubernetes/object-meta.ts";
import { defaultNormalizeScore } from "../scheduler/normalize.ts";
import type { Cycle, Plugin, PreFilterResult } from "../scheduler/plugin.ts";
import { rememberedPerCluster, rememberedPerKind } from "../scheduler/remembered.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unresolvable } from "../scheduler/status.ts";
import { signNodeAffinity } from "./signing/sign-node-affinity.ts";

const MISMATCH = unresolvable("node(s) didn't match Pod's node affinity/selector");
const NOT_ENFORCED = unresolvable("node(s) didn't match scheduler-enforced node affinity");
const CONFLICT = unresolvable("pod affinity terms conflict");

export interface NodeAffinityArgs {
  /** What every pod of the profile must and would rather have, beside its own affinity. */
  readonly addedAffinity?: NodeAffinity;
}

/**
 * Node selectors and node affinity, required and preferred (upstream: plugins/nodeaffinity).
 * @throws UserError when the added affinity does not parse
 */
export function nodeAffinity({ addedAffinity = {} }: NodeAffinityArgs = {}): Plugin {
  refuseUnparsable(addedAffinity);
  const enforced = addedAffinity.requiredDuringSchedulingIgnoredDuringExecution;
  const enforcedTerms = enforced && compileNodeSelector(enforced);
  const alwaysPreferred = addedAffinity.preferredDuringSchedulingIgnoredDuringExecution ?? [];

  /** 1 for each row whose node satisfies the added required terms; undefined when there are none. */
  const satisfiesEnforced = rememberedPerCluster((nodes) => {
    if (enforcedTerms === undefined) return undefined;
    const verdicts = new Uint8Array(nodes.count);
    for (const node of nodes.order) {
      verdicts[node] = enforcedTerms.matches(labelsOf(nodes.object(node)), nodes.name(node)) ? 1 : 0;
    }
    return verdicts;
  });

  /** The weights of matching preferred terms, added up, by row; undefined when nothing is preferred. */
  const preferred = rememberedPerKind(({ pod, nodes }: Cycle) => {
    const own = nodeAffinityOf(pod.spec)?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (own.length === 0 && alwaysPreferred.length === 0) return undefined;
    // Places in the message count the pod's own terms.
    const { terms, problem } = compilePreferredTerms(own);
    if (problem !== undefined)
      throw new InvariantViolation(`running PreScore plugin "NodeAffinity": ${problem}`);
    const all = [...compilePreferredTerms(alwaysPreferred).terms, ...terms];
    const sums = new Int32Array(nodes.count);
    for (const node of nodes.order) {
      const labels = labelsOf(nodes.object(node));
      for (const term of all) if (term.matches(labels, nodes.name(node))) sums[node] += term.weight;
    }
    return sums;
  });

  const prefers = ({ spec }: Cycle["pod"]): boolean =>
    alwaysPreferred.length > 0 ||
    (nodeAffinityOf(spec)?.preferredDuringSchedulingIgnoredDuringExecution ?? []).length > 0;

  return {
    name: "NodeAffinity",
    reads: "object",
    preFilter: namedNodes,
    filter(cycle) {
      const enforcedVerdicts = satisfiesEnforced(cycle.nodes);
      const verdicts = requires(cycle.pod) ? required(cycle) : undefined;
      if (enforcedVerdicts === undefined) return verdicts && keepWhere((node) => verdicts[node] === 1);
      return keepWhere(
        (node) => enforcedVerdicts[node] === 1 && (verdicts === undefined || verdicts[node] === 1),
      );
    },
    judge(cycle) {
      const enforcedVerdicts = satisfiesEnforced(cycle.nodes);
      const verdicts = requires(cycle.pod) ? required(cycle) : undefined;
      if (enforcedVerdicts === undefined && verdicts === undefined) return undefined;
      return (node) => {
        if (enforcedVerdicts !== undefined && enforcedVerdicts[node] !== 1) return NOT_ENFORCED;
        return verdicts === undefined || verdicts[node] === 1 ? undefined : MISMATCH;
      };
    },
    score(cycle) {
      const sums = prefers(cycle.pod) ? preferred(cycle) : undefined;
      if (sums === undefined) return undefined;
      return ({ rows, length }, scores) => {
        for (let i = 0; i < length; i++) scores[i] = sums[rows[i]]!;
      };
    },
    normalizeScore: defaultNormalizeScore(false),
    sign: signNodeAffinity,
    eventsToRegister: ["NodeAdd", "NodeUpdate"],
  };
}

/** 1 for each row whose node satisfies the pod's node selector and required terms; undefined when there is nothing to satisfy. */
const required = rememberedPerKind(({ pod, nodes }: Cycle) => {
  const pairs = Object.entries(pod.spec.nodeSelector ?? {});
  const affinity = nodeAffinityOf(pod.spec)?.requiredDuringSchedulingIgnoredDuringExecution;
  if (pairs.length === 0 && affinity === undefined) return undefined;
  const terms = affinity && compileNodeSelector(affinity);
  const verdicts = new Uint8Array(nodes.count);
  for (const node of nodes.order) {
    const labels = labelsOf(nodes.object(node));
    const matches =
      pairs.every(([key, value]) => labels.get(key) === value) &&
      (terms === undefined || terms.matches(labels, nodes.name(node)));
    verdicts[node] = matches ? 1 : 0;
  }
  return verdicts;
});

function refuseUnparsable({
  requiredDuringSchedulingIgnoredDuringExecution: enforced,
  preferredDuringSchedulingIgnoredDuringExecution: preferred = [],
}: NodeAffinity): void {
  const problems = enforced === undefined ? [] : nodeSelectorProblems(enforced);
  const { problem } = compilePreferredTerms(preferred);
  if (problem !== undefined) problems.push(problem);
  if (problems.length > 0) {
    throw new UserError(
      problems.map((what) => ({ where: "", what: `invalid addedAffinity: ${what}; correct the term` })),
    );
  }
}

/** The only nodes that the pod's required terms can mean, when each names some. */
function namedNodes({ pod }: Cycle): PreFilterResult {
  const terms = nodeAffinityOf(pod.spec)?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms === undefined || terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const term of terms) {
    const named = namesOf(term);
    if (named === undefined) return undefined;
    for (const name of named) names.add(name);
  }
  if (names.size === 0) return { rejected: CONFLICT };
  return { names: [...names] };
}

function nodeAffinityOf(spec: Cycle["pod"]["spec"]): NodeAffinity | undefined {
  return spec.affinity?.nodeAffinity;
}

/** The only nodes that a term can mean, by name: the intersection of its `metadata.name In` fields; undefined: any. */
function namesOf(term: NodeSelectorTerm): ReadonlySet<string> | undefined {
  let names: Set<string> | undefined;
  for (const { key, operator, values = [] } of term.matchFields ?? []) {
    if (key !== "metadata.name" || operator !== "In") continue;
    const known = names;
    names = new Set(known === undefined ? values : values.filter((value) => known.has(value)));
  }
  return names;
}

function requires({ spec }: Cycle["pod"]): boolean {
  return (
    spec.nodeSelector !== undefined ||
    nodeAffinityOf(spec)?.requiredDuringSchedulingIgnoredDuringExecution !== undefined
  );
}
