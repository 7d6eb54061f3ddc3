import { InvariantViolation } from "../../base/errors.ts";
import type { NodeFact } from "../node-fact.ts";
import type { Outcome } from "../outcome.ts";
import { type Cycle, everyNode, type NormalizeScore, type Score, zeroForEveryNode } from "../plugin.ts";
import { pluginScore } from "../plugin-score.ts";
import type { TieBreak } from "../profile.ts";
import type { Filter } from "../selection.ts";
import type { OtherPlugin } from "./kind-plan.ts";
import type { Window } from "./window.ts";

/** A choice among the feasible nodes of a window. */
export interface Choice {
  readonly cycle: Cycle;
  readonly window: Window;
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly rule: TieBreak;
  readonly seed: number;
}

/** A score of a plugin that reads more than the node's row, for one cycle. */
export interface OtherScore {
  readonly score: Score;
  readonly weight: number;
  readonly normalize: NormalizeScore | undefined;
}

/** What the plugins that read more than the node's row have to say in one cycle. */
export interface OtherSay {
  readonly filters: readonly Filter[];
  readonly scores: readonly OtherScore[];
  /** What tells nodes apart to those that say something; undefined: anything may. */
  readonly facts: readonly NodeFact[] | undefined;
}

const NOTHING: OtherSay = { filters: [], scores: [], facts: [] };

/** Undefined when one of them has a say at PreFilter or fails to score, which is for the scan to handle. */
export function otherSay(others: readonly OtherPlugin[], cycle: Cycle): OtherSay | undefined {
  if (others.length === 0) return NOTHING;
  try {
    return ask(others, cycle);
  } catch (error) {
    if (error instanceof InvariantViolation) return undefined;
    throw error;
  }
}

function ask(others: readonly OtherPlugin[], cycle: Cycle): OtherSay | undefined {
  let say: { filters: Filter[]; scores: OtherScore[]; facts: NodeFact[] | undefined } | undefined;
  for (let i = 0; i < others.length; i++) {
    const { plugin, weight } = others[i];
    if (plugin.preFilter?.(cycle) !== undefined) return undefined;
    const filter = plugin.filter?.(cycle);
    const filters = filter !== undefined && filter !== everyNode;
    const scoring = pluginScore(plugin, cycle);
    const scores =
      scoring !== undefined && (scoring.score !== zeroForEveryNode || scoring.normalizeScore !== undefined);
    if (!filters && !scores) continue;
    say ??= { filters: [], scores: [], facts: [] };
    if (filters) say.filters.push(filter);
    if (scores) say.scores.push({ score: scoring.score, weight, normalize: scoring.normalizeScore });
    const facts = plugin.facts?.(cycle);
    if (facts === undefined) say.facts = undefined;
    else say.facts?.push(...facts);
  }
  return say ?? NOTHING;
}
