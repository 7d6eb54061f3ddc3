import type { TieBreak } from "../scheduler/profile.ts";
import type { Decision } from "./explanation-decision.ts";
import { scoreParts } from "./explanation-parts.ts";
import type { DecisionRecord, RecordedScore } from "./recorded-case.ts";

/** One node's score by one plugin, and what it rests on, in words. */
export interface ExplainedScore extends RecordedScore {
  readonly parts?: string;
}

/** One line of the comparison of the chosen node with the next best one. */
export interface ScoreLine {
  readonly plugin: string;
  readonly weight: number;
  readonly winner: ExplainedScore;
  readonly runnerUp?: ExplainedScore;
}

/** Why the pod goes to a node. */
export interface Choice {
  readonly node: string;
  readonly total?: number;
  /** The best of the other feasible nodes; absent when there is none, or nothing was scored. */
  readonly runnerUp?: { readonly node: string; readonly total: number };
  readonly feasible: number;
  readonly scores: readonly ScoreLine[];
  readonly skipped: readonly string[];
  /** All nodes with the greatest total, in node order, when there are several, and the rule that chose among them. */
  readonly tie?: { readonly nodes: readonly string[]; readonly rule: TieBreak };
}

/** The node that the profile's rule takes among the best: kube-scheduler's own pick, or the first in node order. */
export function chosenNode(record: DecisionRecord, rule: TieBreak): string | undefined {
  return rule === "upstream" ? (record.upstreamPick ?? record.node) : record.node;
}

export function choiceOf({ record, cycle, profile }: Decision, rule: TieBreak): Choice | undefined {
  const node = chosenNode(record, rule);
  if (record.outcome !== "bound" || node === undefined) return undefined;
  const { totals, scores = {}, best = [], feasible = [] } = record;
  const rest = Object.entries(totals ?? {}).filter(([name]) => name !== node);
  const position = (name: string) => cycle.nodes.positions[cycle.nodes.rowOf(name) ?? 0];
  rest.sort(([a, x], [b, y]) => y - x || position(a) - position(b));
  const second = rest[0];
  const explained = (plugin: string, name: string): ExplainedScore => {
    const row = cycle.nodes.rowOf(name);
    const score = scores[plugin][name];
    const parts = row === undefined ? undefined : scoreParts(plugin, cycle, row, score);
    return { ...score, ...(parts !== undefined && { parts }) };
  };
  const weightOf = (name: string) =>
    profile.plugins.find(({ plugin }) => plugin.name === name && plugin.score !== undefined)?.weight ?? 1;
  return {
    node,
    ...(totals !== undefined && { total: totals[node] }),
    ...(second !== undefined && { runnerUp: { node: second[0], total: second[1] } }),
    feasible: feasible.length,
    scores: Object.keys(scores).map((plugin) => ({
      plugin,
      weight: weightOf(plugin),
      winner: explained(plugin, node),
      ...(second !== undefined && { runnerUp: explained(plugin, second[0]) }),
    })),
    skipped: record.skippedScore ?? [],
    ...(best.length > 1 && { tie: { nodes: best, rule } }),
  };
}
