import { InvariantViolation } from "../base/errors.ts";
import { preScoreOnly } from "../configuration/profiles-of.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import { pluginScore } from "../scheduler/plugin-score.ts";
import type { Profile } from "../scheduler/profile.ts";
import type { DecisionRecord, RecordedScore } from "./recorded-case.ts";

const MAX_NODE_SCORE = 100;

type RecordedScores = Required<Pick<DecisionRecord, "skippedScore" | "scores" | "totals" | "best">>;

/**
 * Every plugin's score of every feasible node, raw, normalised and weighted, and what they add up to. PreScore of all plugins
 * comes first, as upstream has it (pkg/scheduler/framework/runtime/framework.go: RunScorePlugins).
 * @param feasible rows, in the order found
 * @throws InvariantViolation with upstream's text when PreScore fails or a score leaves 0..100
 */
export function recordScores(cycle: Cycle, profile: Profile, feasible: readonly number[]): RecordedScores {
  const { nodes } = cycle;
  const names = feasible.map((node) => nodes.name(node));
  const scorers = profile.plugins.flatMap(({ plugin, weight }) =>
    plugin.score === undefined ? [] : [{ plugin, weight: weight ?? 1, scoring: pluginScore(plugin, cycle) }],
  );
  const scores: Record<string, Record<string, RecordedScore>> = {};
  const sums = new Float64Array(feasible.length);
  for (const { plugin, weight, scoring } of scorers) {
    if (scoring === undefined || scoring.score === preScoreOnly) continue;
    const selection = { rows: Uint32Array.from(feasible), length: feasible.length };
    const column = new Int32Array(feasible.length);
    scoring.score(selection, column);
    const raw = [...column];
    scoring.normalizeScore?.(column, selection);
    for (const value of column) if (value < 0 || value > MAX_NODE_SCORE) refuse(plugin.name, value);
    scores[plugin.name] = Object.fromEntries(
      names.map((name, i) => [name, { raw: raw[i], normalized: column[i], weighted: column[i] * weight }]),
    );
    for (let i = 0; i < feasible.length; i++) sums[i] += column[i] * weight;
  }
  const best = Math.max(...sums);
  return {
    skippedScore: scorers
      .filter(({ scoring }) => scoring === undefined)
      .map(({ plugin }) => plugin.name)
      .sort(),
    scores,
    totals: Object.fromEntries(names.map((name, i) => [name, sums[i]])),
    best: feasible
      .filter((_, i) => sums[i] === best)
      .sort((a, b) => nodes.positions[a] - nodes.positions[b])
      .map((node) => nodes.name(node)),
  };
}

function refuse(plugin: string, score: number): never {
  throw new InvariantViolation(
    `plugin "${plugin}" returns an invalid score ${score}, it should in the range of [0, ${MAX_NODE_SCORE}] after normalizing`,
  );
}
