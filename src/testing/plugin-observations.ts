import { InvariantViolation } from "../base/errors.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodTemplate } from "../cluster/specs.ts";
import type { Cycle, Plugin } from "../scheduler/plugin.ts";
import { pluginScore } from "../scheduler/plugin-score.ts";
import type { Selection } from "../scheduler/selection.ts";

/** The cycle of a pod of a template that is nowhere yet. */
export function cycleFor(cluster: Cluster, template: PodTemplate): Cycle {
  return { pod: cluster.kind(template), row: 1_000_000, nodes: cluster.nodes, cluster };
}

/** The rows that a plugin's filter leaves of those offered, in its order; all when it skips. */
export function rowsThatPass(plugin: Plugin, cycle: Cycle, offered: readonly number[]): number[] {
  const selection: Selection = { rows: Uint32Array.from(offered), length: offered.length };
  plugin.filter?.(cycle)?.(selection);
  return [...selection.rows.subarray(0, selection.length)];
}

export function passesAlone(plugin: Plugin, cycle: Cycle, node: number): boolean {
  return rowsThatPass(plugin, cycle, [node]).length === 1;
}

/** What the plugin's judge says if it contradicts the filter's verdict, or gives no reason; undefined when all is well. */
export function judgesAlike(plugin: Plugin, cycle: Cycle, node: number, passes: boolean): string | undefined {
  if (plugin.judge === undefined)
    return plugin.filter === undefined || passes ? undefined : "nothing: it has none";
  const status = plugin.judge(cycle)?.(node);
  if (status === undefined) return passes ? undefined : "that it passes";
  if (passes) return status.reasons.join(", ");
  return status.reasons.length > 0 ? undefined : "no reason";
}

export function verdict(passes: boolean): string {
  return passes ? "passes" : "fails";
}

export interface ObservedScores {
  readonly raw: readonly number[];
  readonly normalized: readonly number[];
  /** Whether exactly the scores of the offered nodes were written. */
  readonly written: boolean;
}

/** What a plugin scores the nodes, before and after normalisation; undefined when it skips, ends the cycle or does not score. */
export function scoresOf(plugin: Plugin, cycle: Cycle, nodes: readonly number[]): ObservedScores | undefined {
  const scoring = scoringOf(plugin, cycle);
  if (scoring === undefined) return undefined;
  const feasible: Selection = { rows: Uint32Array.from(nodes), length: nodes.length };
  // Two different fillings: what is not written shows as a difference.
  const [first, second] = [-77, -88].map((filling) => {
    const scores = new Int32Array(nodes.length + 1).fill(filling);
    scoring.score(feasible, scores);
    return scores;
  }) as [Int32Array, Int32Array];
  const raw = [...first.subarray(0, nodes.length)];
  const beyond = first[nodes.length] === -77 && second[nodes.length] === -88;
  const scores = first.slice(0, nodes.length);
  scoring.normalizeScore?.(scores, feasible);
  return {
    raw,
    normalized: [...scores],
    written: beyond && raw.every((value, i) => value === second[i]) && feasible.length === nodes.length,
  };
}

function scoringOf(plugin: Plugin, cycle: Cycle): ReturnType<typeof pluginScore> {
  try {
    return pluginScore(plugin, cycle);
  } catch (error) {
    if (error instanceof InvariantViolation) return undefined;
    throw error;
  }
}
