import type { Cycle } from "./cycle.ts";
import type { NodeFact } from "./node-fact.ts";
import type { Selection } from "./selection.ts";

/**
 * What a plugin that reads the cluster says of pods of one kind, kept for as long as the nodes' objects stand and brought up to
 * date at the beginning of each cycle. The members below hold what was true then.
 */
export interface Standing {
  /** Takes in what happened since the last time; false when this no longer holds and another one is to be made. */
  refresh(cycle: Cycle): boolean;
  /** Whether it may reject nodes, and whether it scores them. */
  readonly filters: boolean;
  readonly scores: boolean;
  /**
   * What tells nodes apart to it; the same array for as long as it means the same. Undefined: anything may, and it is asked about
   * each node.
   */
  readonly facts: readonly NodeFact[] | undefined;
  passes(node: number): boolean;
  /** Writes a score of 0..100, normalised, for each row; where the number of nodes matters, `counts` tells it. */
  score(feasible: Selection, scores: Int32Array): void;
}

export interface StandingSource {
  /**
   * The members whose work it does. A plugin with other ones in their place is asked by these; what a plugin lacks, its standing is
   * not asked.
   */
  readonly insteadOf: {
    readonly preFilter?: unknown;
    readonly filter?: unknown;
    readonly score?: unknown;
    readonly normalizeScore?: unknown;
  };
  /** Undefined: the members are asked. */
  readonly of: (cycle: Cycle) => Standing | undefined;
}
