import type { Cycle, NormalizeScore, Plugin, Score } from "./plugin.ts";

/** A plugin's score for one cycle: raw scores, and how they become 0..100; undefined when the plugin skips the cycle. */
export function pluginScore(
  plugin: Plugin,
  cycle: Cycle,
): { readonly score: Score; readonly normalizeScore: NormalizeScore | undefined } | undefined {
  const scoring = plugin.score?.(cycle);
  if (scoring === undefined) return undefined;
  return typeof scoring === "function" ? { score: scoring, normalizeScore: plugin.normalizeScore } : scoring;
}
