import type { PodTemplate } from "../cluster/specs.ts";
import type { AskedPlugin, Said } from "./asked-plugin.ts";
import { CycleFailure } from "./cycle-failure.ts";
import type { ReferenceCluster, ReferencePlugin } from "./reference-plugin.ts";

/** A plugin of the reference before a pod. @internal */
export function askTwin(plugin: ReferencePlugin, pod: PodTemplate, cluster: ReferenceCluster): AskedPlugin {
  const early = orFailure(() => plugin.preFilter?.(pod, cluster));
  const rejected =
    typeof early !== "object"
      ? undefined
      : "code" in early
        ? early
        : "rejected" in early
          ? early.rejected
          : undefined;
  const nodeNamed = (name: string) => cluster.nodes.find((node) => node.name === name)!;
  return {
    rejected,
    skipsFilter: early === "skip",
    get skipsScore() {
      return plugin.preScore?.(pod, cluster, cluster.nodes) === "skip";
    },
    verdicts(name) {
      if (early === "skip") return [undefined];
      return [orFailure(() => plugin.filter?.(pod, nodeNamed(name), cluster))];
    },
    scores(names) {
      const feasible = names.map(nodeNamed);
      if (plugin.score === undefined || plugin.preScore?.(pod, cluster, feasible) === "skip")
        return undefined;
      const raw = feasible.map((node) => plugin.score!(pod, node, cluster, feasible));
      const normalized = plugin.normalizeScore?.(raw, feasible, pod, cluster) ?? raw;
      return { raw: raw.map(Number), normalized: normalized.map(Number) };
    },
  };
}

function orFailure<T>(say: () => T): T | Said {
  try {
    return say();
  } catch (error) {
    if (!(error instanceof CycleFailure)) throw error;
    return { code: "Error", reasons: [error.message] };
  }
}
