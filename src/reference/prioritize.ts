import type { PodTemplate } from "../cluster/specs.ts";
import { failingAs } from "./filter-node.ts";
import type { ReferenceCluster, ReferenceNode, ReferencePlugin } from "./reference-plugin.ts";
import type { UsedPlugins } from "./reference-plugins.ts";
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
  plugins: UsedPlugins,
  pod: PodTemplate,
  nodes: readonly ReferenceNode[],
  cluster: ReferenceCluster,
): Prioritized {
  const scores: Record<string, Record<string, ReferenceScore>> = {};
  const totals = nodes.map(() => 0n);
  const skipped: string[] = [];
  for (const { name, plugin } of plugins.preScore) {
    const words = `running PreScore plugin "${name}"`;
    const result = failingAs(name, words, () => plugin.preScore?.(pod, cluster, nodes));
    if (result === "skip") skipped.push(name);
    else if (result !== undefined) return { scores, totals, skipped, error: `${words}: ${result.error}` };
  }
  for (const { name, plugin } of plugins.score) {
    if (!plugins.unprepared.includes(name)) continue;
    const words = withoutPreScore(name, () => plugin.preScore?.(pod, cluster, nodes));
    if (words === undefined) continue;
    return {
      scores,
      totals,
      skipped,
      error: `running Score plugins: plugin "${name}" failed with: ${words}`,
    };
  }
  for (const { name, plugin, weight } of plugins.score) {
    if (skipped.includes(name)) continue;
    // Those that would have skipped the cycle at PreScore see that at Score, and give nothing.
    const idle = plugins.unprepared.includes(name) && plugin.preScore?.(pod, cluster, nodes) === "skip";
    const raw = nodes.map((node) => (idle ? 0n : plugin.score!(pod, node, cluster, nodes)));
    const normalized = plugin.normalizeScore?.(raw, nodes, pod, cluster) ?? raw;
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

/** The error of a plugin that scores although its PreScore did not run; NodeAffinity does that work in Score. */
function withoutPreScore(
  name: string,
  preScore: () => ReturnType<NonNullable<ReferencePlugin["preScore"]>>,
): string | undefined {
  switch (name) {
    case "TaintToleration":
    case "InterPodAffinity":
      return `failed to read "PreScore${name}" from cycleState: not found`;
    case "PodTopologySpread":
      return `error reading "PreScore${name}" from cycleState: not found`;
    case "NodeAffinity": {
      const result = preScore();
      return typeof result === "object" ? result.error : undefined;
    }
    default:
      return undefined;
  }
}
