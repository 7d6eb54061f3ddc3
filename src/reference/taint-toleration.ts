import { unresolvable } from "../scheduler/status.ts";
import { normalizeByGreatest } from "./normalize-by-greatest.ts";
import { type ReferencePlugin, specOf } from "./reference-plugin.ts";
import { bears, bearsAll } from "./tolerates.ts";

/** TaintToleration; `comparisonOperators` is the gate TaintTolerationComparisonOperators. */
export function referenceTaintToleration(args: { readonly comparisonOperators?: boolean }): ReferencePlugin {
  return {
    filter: (pod, node) =>
      bearsAll(specOf(pod).tolerations, node.object.spec?.taints, args.comparisonOperators)
        ? undefined
        : unresolvable("node(s) had untolerated taint(s)"),
    score(pod, node) {
      const kept = (specOf(pod).tolerations ?? []).filter((toleration) => {
        const effect = toleration.effect ?? "";
        return effect === "" || effect === "PreferNoSchedule";
      });
      let count = 0n;
      for (const taint of node.object.spec?.taints ?? []) {
        if (taint.effect !== "PreferNoSchedule") continue;
        if (!kept.some((toleration) => bears(toleration, taint, args.comparisonOperators))) count += 1n;
      }
      return count;
    },
    normalizeScore: (scores) => normalizeByGreatest(scores, true),
  };
}
