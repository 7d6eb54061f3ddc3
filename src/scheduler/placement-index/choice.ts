import type { Outcome } from "../outcome.ts";
import type { Cycle, NormalizeScore, Score } from "../plugin.ts";
import type { TieBreak } from "../profile.ts";
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
