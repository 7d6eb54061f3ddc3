import type { Cycle, Plugin } from "./plugin.ts";
import type { Standing } from "./standing.ts";

/** A standing of a plugin that has no other members than those which it stands for. */
export function standingOf(plugin: Plugin, cycle: Cycle): Standing | undefined {
  const { standing, preFilter, filter, score, normalizeScore } = plugin;
  if (standing === undefined) return undefined;
  const { insteadOf } = standing;
  const same =
    (preFilter === undefined || preFilter === insteadOf.preFilter) &&
    (filter === undefined || filter === insteadOf.filter) &&
    (score === undefined || (score === insteadOf.score && normalizeScore === insteadOf.normalizeScore));
  return same ? standing.of(cycle) : undefined;
}
