import { InvariantViolation } from "../base/errors.ts";
import type { NodeAffinity } from "../kubernetes/affinity.ts";
import {
  compileNodeSelector,
  compilePreferredTerms,
  type NodeSelectorTerm,
} from "../kubernetes/node-selector.ts";
import { labelsOf } from "../kubernetes/object-meta.ts";
import { defaultNormalizeScore } from "../scheduler/normalize.ts";
import { type Cycle, definePlugin } from "../scheduler/plugin.ts";
import { rememberedPerKind } from "../scheduler/remembered.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unresolvable } from "../scheduler/status.ts";

const MISMATCH = unresolvable("node(s) didn't match Pod's node affinity/selector");
const CONFLICT = unresolvable("pod affinity terms conflict");

/** 1 for each row whose node satisfies the node selector and the required terms; undefined when there is nothing to satisfy. */
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

/** The weights of matching preferred terms, added up, by row; undefined when nothing is preferred. */
const preferred = rememberedPerKind(({ pod, nodes }: Cycle) => {
  const affinity = nodeAffinityOf(pod.spec)?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  if (affinity.length === 0) return undefined;
  const { terms, problem } = compilePreferredTerms(affinity);
  if (problem !== undefined)
    throw new InvariantViolation(`running PreScore plugin "NodeAffinity": ${problem}`);
  const sums = new Int32Array(nodes.count);
  for (const node of nodes.order) {
    const labels = labelsOf(nodes.object(node));
    for (const term of terms) if (term.matches(labels, nodes.name(node))) sums[node] += term.weight;
  }
  return sums;
});

/** Node selectors and node affinity, required and preferred (upstream: plugins/nodeaffinity). */
export const nodeAffinity = definePlugin({
  name: "NodeAffinity",
  preFilter({ pod }) {
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
  },
  filter(cycle) {
    const verdicts = required(cycle);
    return verdicts && keepWhere((node) => verdicts[node] === 1);
  },
  judge(cycle) {
    const verdicts = required(cycle);
    return verdicts && ((node) => (verdicts[node] === 1 ? undefined : MISMATCH));
  },
  score(cycle) {
    const sums = preferred(cycle);
    if (sums === undefined) return undefined;
    return ({ rows, length }, scores) => {
      for (let i = 0; i < length; i++) scores[i] = sums[rows[i]]!;
    };
  },
  normalizeScore: defaultNormalizeScore(false),
  eventsToRegister: ["NodeAdd", "NodeUpdate"],
});

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
