import { unresolvable } from "../scheduler/status.ts";
import { normalizeByGreatest } from "./normalize-by-greatest.ts";
import { type ReferencePlugin, specOf } from "./reference-plugin.ts";
import { bears } from "./tolerates.ts";

export const referenceTaintToleration: ReferencePlugin = {
  filter(pod, node) {
    const tolerations = specOf(pod).tolerations ?? [];
    for (const taint of node.object.spec?.taints ?? []) {
      if (taint.effect !== "NoSchedule" && taint.effect !== "NoExecute") continue;
      if (!tolerations.some((toleration) => bears(toleration, taint))) {
        return unresolvable("node(s) had untolerated taint(s)");
      }
    }
    return undefined;
  },
  score(pod, node) {
    const kept = (specOf(pod).tolerations ?? []).filter((toleration) => {
      const effect = toleration.effect ?? "";
      return effect === "" || effect === "PreferNoSchedule";
    });
    let count = 0n;
    for (const taint of node.object.spec?.taints ?? []) {
      if (taint.effect !== "PreferNoSchedule") continue;
      if (!kept.some((toleration) => bears(toleration, taint))) count += 1n;
    }
    return count;
  },
  normalizeScore: (scores) => normalizeByGreatest(scores, true),
};
