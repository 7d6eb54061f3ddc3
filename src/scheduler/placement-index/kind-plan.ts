import { InvariantViolation } from "../../base/errors.ts";
import {
  type Cycle,
  everyNode,
  type NormalizeScore,
  type Plugin,
  type Score,
  zeroForEveryNode,
} from "../plugin.ts";
import { pluginScore } from "../plugin-score.ts";
import type { ProfilePlugin } from "../profile.ts";
import { readsOf } from "../reads-of.ts";
import type { Filter } from "../selection.ts";

export interface PlacedFilter {
  /** The plugin's place in the profile. */
  readonly plugin: number;
  readonly run: Filter;
}

export interface WeightedScore {
  readonly score: Score;
  readonly weight: number;
}

export interface NormalizedWeightedScore extends WeightedScore {
  readonly normalize: NormalizeScore;
}

/**
 * What the plugins of a profile have to say about pods of one kind, for as long as the nodes' objects stand: functions of a
 * node's own row. Plugins that read more are asked in every cycle.
 */
export interface KindPlan {
  readonly filters: readonly PlacedFilter[];
  /** Scores that are added as they are. */
  readonly scores: readonly WeightedScore[];
  /** Scores that depend on those of the other candidates. */
  readonly normalized: readonly NormalizedWeightedScore[];
  /** Plugins that read more than the node's row. */
  readonly others: readonly OtherPlugin[];
}

export interface OtherPlugin {
  readonly place: number;
  readonly plugin: Plugin;
  readonly weight: number;
}

/** Undefined when PreFilter has a say about the pods, or a plugin cannot score them: then the scan decides. */
export function kindPlan(plugins: readonly ProfilePlugin[], cycle: Cycle): KindPlan | undefined {
  try {
    return planOf(plugins, cycle);
  } catch (error) {
    // A PreScore that fails does so only when two nodes are feasible: the scan finds out.
    if (error instanceof InvariantViolation) return undefined;
    throw error;
  }
}

function planOf(plugins: readonly ProfilePlugin[], cycle: Cycle): KindPlan | undefined {
  const filters: PlacedFilter[] = [];
  const scores: WeightedScore[] = [];
  const normalized: NormalizedWeightedScore[] = [];
  const others: OtherPlugin[] = [];
  for (let place = 0; place < plugins.length; place++) {
    const { plugin, weight = 1 } = plugins[place];
    const reads = readsOf(plugin, cycle.pod);
    if (reads === "nothing") continue;
    if (reads === "cluster") {
      others.push({ place, plugin, weight });
      continue;
    }
    if (plugin.preFilter?.(cycle) !== undefined) return undefined;
    const filter = plugin.filter?.(cycle);
    if (filter !== undefined && filter !== everyNode) filters.push({ plugin: place, run: filter });
    const scoring = pluginScore(plugin, cycle);
    if (scoring === undefined) continue;
    const { score, normalizeScore } = scoring;
    if (normalizeScore !== undefined) normalized.push({ score, weight, normalize: normalizeScore });
    else if (score !== zeroForEveryNode) scores.push({ score, weight });
  }
  return { filters, scores, normalized, others };
}
