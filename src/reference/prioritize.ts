import type { PodTemplate } from "../cluster/specs.ts";
import type { ReferenceCluster, ReferenceNode } from "./reference-plugin.ts";
import type { UsedPlugin } from "./reference-plugins.ts";
import type { ReferenceScore } from "./reference-record.ts";

export interface Prioritized {
  readonly scores: Record<string, Record<string, ReferenceScore>>;
  /** In the order of the nodes. */
  readonly totals: readonly bigint[];
  readonly skipped: readonly string[];
  readonly error: string | undefined;
}

/** PreScore, Score and NormalizeScore of every plugin, and the weighted sum (upstream: prioritizeNodes). */
export function prioritize(
  plugins: readonly UsedPlugin[],
  pod: PodTemplate,
  nodes: readonly ReferenceNode[],
  cluster: ReferenceCluster,
): Prioritized {
  const scores: Record<string, Record<string, ReferenceScore>> = {};
  const totals = nodes.map(() => 0n);
  const skipped: string[] = [];
  const scoring: UsedPlugin[] = [];
  for (const used of plugins) {
    if (used.plugin.score === undefined) continue;
    const result = used.plugin.preScore?.(pod, cluster);
    if (result === undefined) scoring.push(used);
    else if (result === "skip") skipped.push(used.name);
    else return { scores, totals, skipped, error: result.error };
  }
  for (const { name, plugin, weight } of scoring) {
    const raw = nodes.map((node) => plugin.score!(pod, node, cluster));
    const normalized = plugin.normalizeScore?.(raw) ?? raw;
    const wrong = normalized.find((score) => score < 0n || score > 100n);
    if (wrong !== undefined) {
      const error = `applying score defaultWeights on Score plugins: plugin "${name}" returns an invalid score ${wrong}, it should in the range of [0, 100] after normalizing`;
      return { scores, totals, skipped, error };
    }
    const ofPlugin: Record<string, ReferenceScore> = {};
    nodes.forEach((node, i) => {
      const weighted = normalized[i] * weight;
      totals[i] = totals[i] + weighted;
      ofPlugin[node.name] = {
        raw: Number(raw[i]),
        normalized: Number(normalized[i]),
        weighted: Number(weighted),
      };
    });
    scores[name] = ofPlugin;
  }
  return { scores, totals, skipped, error: undefined };
}
