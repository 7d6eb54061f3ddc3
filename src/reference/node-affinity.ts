import { compilePreferredTerms } from "../kubernetes/node-selector.ts";
import { unresolvable } from "../scheduler/status.ts";
import { termMatches } from "./node-selector-terms.ts";
import { normalizeByGreatest } from "./normalize-by-greatest.ts";
import { type ReferencePlugin, specOf } from "./reference-plugin.ts";

export const referenceNodeAffinity: ReferencePlugin = {
  preFilter(pod) {
    const spec = specOf(pod);
    const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (required === undefined && Object.keys(spec.nodeSelector ?? {}).length === 0) return "skip";
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
    const spec = specOf(pod);
    const mismatch = unresolvable("node(s) didn't match Pod's node affinity/selector");
    for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) {
      if (node.object.metadata?.labels?.[key] !== value) return mismatch;
    }
    const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (required === undefined) return undefined;
    for (const term of required.nodeSelectorTerms ?? []) if (termMatches(term, node)) return undefined;
    return mismatch;
  },
  preScore(pod) {
    const preferred =
      specOf(pod).affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (preferred.length === 0) return "skip";
    // Only the text of the parse error is shared with the fast scheduler; what matches is decided here.
    const { problem } = compilePreferredTerms(preferred);
    return problem === undefined
      ? undefined
      : { error: `running PreScore plugin "NodeAffinity": ${problem}` };
  },
  score(pod, node) {
    const preferred =
      specOf(pod).affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    let sum = 0n;
    for (const { weight = 0, preference = {} } of preferred) {
      if (weight !== 0 && termMatches(preference, node)) sum += BigInt(weight);
    }
    return sum;
  },
  normalizeScore: (scores) => normalizeByGreatest(scores, false),
};
