import type { NodeAffinity } from "../kubernetes/affinity.ts";
import { compilePreferredTerms } from "../kubernetes/node-selector.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import { unresolvable } from "../scheduler/status.ts";
import { termMatches } from "./node-selector-terms.ts";
import { normalizeByGreatest } from "./normalize-by-greatest.ts";
import { type ReferenceNode, type ReferencePlugin, specOf } from "./reference-plugin.ts";

/** NodeAffinity with what its arguments add to every pod. */
export function referenceNodeAffinity({
  addedAffinity,
}: {
  readonly addedAffinity?: NodeAffinity;
}): ReferencePlugin {
  const enforced = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const added = addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return {
    preFilter(pod) {
      const spec = specOf(pod);
      const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
      const asks = required !== undefined || Object.keys(spec.nodeSelector ?? {}).length > 0;
      if (!asks && enforced === undefined) return "skip";
      const terms = required?.nodeSelectorTerms ?? [];
      if (terms.length === 0) return undefined;
      const union: string[] = [];
      for (const term of terms) {
        let names: readonly string[] | undefined;
        for (const field of term.matchFields ?? []) {
          if (field.key !== "metadata.name" || field.operator !== "In") continue;
          const values = field.values ?? [];
          names = names === undefined ? values : names.filter((name) => values.includes(name));
        }
        if (names === undefined) return undefined;
        union.push(...names);
      }
      if (union.length === 0) return { rejected: unresolvable("pod affinity terms conflict") };
      return { names: [...new Set(union)] };
    },
    filter(pod, node) {
      if (
        enforced !== undefined &&
        !(enforced.nodeSelectorTerms ?? []).some((term) => termMatches(term, node))
      )
        return unresolvable("node(s) didn't match scheduler-enforced node affinity");
      return isWanted(specOf(pod), node)
        ? undefined
        : unresolvable("node(s) didn't match Pod's node affinity/selector");
    },
    preScore(pod) {
      const own = preferredBy(specOf(pod));
      if (own.length + added.length === 0) return "skip";
      // Only the text of the parse error is shared with the fast scheduler; what matches is decided here.
      const { problem } = compilePreferredTerms(own);
      return problem === undefined ? undefined : { error: problem };
    },
    score(pod, node) {
      let sum = 0n;
      for (const { weight = 0, preference = {} } of [...added, ...preferredBy(specOf(pod))]) {
        if (weight !== 0 && termMatches(preference, node)) sum += BigInt(weight);
      }
      return sum;
    },
    normalizeScore: (scores) => normalizeByGreatest(scores, false),
  };
}

/** Whether a node has all that a pod's node selector and required terms ask for. */
export function isWanted({ nodeSelector = {}, affinity }: PodSpec, node: ReferenceNode): boolean {
  for (const [key, value] of Object.entries(nodeSelector)) {
    if (node.object.metadata?.labels?.[key] !== value) return false;
  }
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || (required.nodeSelectorTerms ?? []).some((term) => termMatches(term, node));
}

function preferredBy({ affinity }: PodSpec) {
  return affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
}
