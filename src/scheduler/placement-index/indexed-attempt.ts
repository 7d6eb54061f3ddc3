import type { Outcome } from "../outcome.ts";
import type { Cycle } from "../plugin.ts";

export interface IndexedAttempt {
  readonly cycle: Cycle;
  /** Where the search starts, a place in node order. */
  readonly start: number;
  /** How many feasible nodes to look for. */
  readonly wanted: number;
  readonly attempt: number;
  readonly outcome: Outcome;
}
