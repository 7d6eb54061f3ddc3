import type { Cycle } from "../plugin.ts";
import type { RawScores } from "../scoring.ts";
import type { Selection } from "../selection.ts";

/** What Score made of the feasible nodes of an attempt; good until the next one. */
export interface ScoredNodes {
  /** In the order found. */
  readonly feasible: Selection;
  /** By place in `feasible`. */
  readonly totals: Float64Array;
  readonly raw: RawScores;
}

/** Proposes the node that a pod is tried on before all others, and learns of what was decided. */
export interface NodeHints {
  /** Whether such a pod is proposed nodes, or leaves some to propose; the other members are for such pods only. */
  covers(cycle: Cycle): boolean;
  /**
   * The row of a node for a pod that passed PreFilter and is nominated to no node; -1 for none. The same however often it is
   * asked in one attempt.
   * @param passes what the filters say of a node in this cycle, without the pods nominated to it
   */
  hint(cycle: Cycle, passes: (node: number) => boolean): number;
  /**
   * The pod of the cycle goes to a node.
   * @param hinted the node that was proposed; -1 for none
   * @param scored undefined when nothing was scored
   */
  chose(cycle: Cycle, node: number, hinted: number, scored: ScoredNodes | undefined): void;
}
