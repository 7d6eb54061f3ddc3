import { InvariantViolation } from "../../base/errors.ts";
import type { Cycle } from "../plugin.ts";
import type { Profile } from "../profile.ts";
import { Scoring } from "../scoring.ts";
import type { NodeHints, ScoredNodes } from "./node-hints.ts";
import { PodSignatures } from "./pod-signatures.ts";
import { RankedNodes } from "./ranked-nodes.ts";

/** What was found for one pod is too old for another after this time (upstream: maxBatchAge). */
const MAX_AGE_US = 500_000;

/** The attempts of one scheduler, whichever profile they are for; its owner moves it on. */
export interface AttemptClock {
  /** Counts the attempts, also those that come to nothing. */
  attempt: number;
  /** When the attempt began. */
  nowUs: number;
}

/** What is left of a scored attempt for the next pods of the same signature. */
interface Batch {
  readonly signature: string;
  readonly madeUs: number;
  ranked: RankedNodes;
}

interface BatchingParts {
  readonly profile: Profile;
  readonly signatures: PodSignatures;
  readonly clock: AttemptClock;
  readonly seed: number;
}

/**
 * Equal pods, one right after the other, share what was found for the first of them: the next best of its nodes is tried before
 * all others, and nothing is searched nor scored when it passes (upstream: pkg/scheduler/framework/runtime/batch.go). The node
 * chosen last is filtered again, and when it still takes the pod it is scored anew and competes with the others.
 */
export class OpportunisticBatching implements NodeHints {
  readonly #profile: Profile;
  readonly #signatures: PodSignatures;
  readonly #clock: AttemptClock;
  readonly #seed: number;
  readonly #scoring: Scoring;
  #batch: Batch | undefined;
  /** The last attempt that placed a pod, and where. */
  #last = { attempt: Number.NaN, node: -1 };
  #hinted = { attempt: Number.NaN, pod: -1, node: -1 };

  private constructor({ profile, signatures, clock, seed }: BatchingParts) {
    this.#profile = profile;
    this.#signatures = signatures;
    this.#clock = clock;
    this.#seed = seed;
    this.#scoring = new Scoring(profile, seed);
  }

  /** Undefined for a profile whose pods cannot be told to be equal. */
  static of(parts: Omit<BatchingParts, "signatures">): OpportunisticBatching | undefined {
    const signatures = PodSignatures.of(parts.profile);
    return signatures && new OpportunisticBatching({ ...parts, signatures });
  }

  covers(cycle: Cycle): boolean {
    return this.#signatureOf(cycle) !== undefined;
  }

  hint(cycle: Cycle, passes: (node: number) => boolean): number {
    const { attempt } = this.#clock;
    const pod = cycle.row;
    if (this.#hinted.attempt !== attempt || this.#hinted.pod !== pod) {
      this.#hinted = { attempt, pod, node: this.#propose(cycle, passes) };
    }
    return this.#hinted.node;
  }

  chose(cycle: Cycle, node: number, hinted: number, scored: ScoredNodes | undefined): void {
    const { attempt, nowUs } = this.#clock;
    this.#last = { attempt, node };
    // The rest of what was kept is still good.
    if (node === hinted) return;
    this.#batch = undefined;
    const signature = this.#signatureOf(cycle);
    if (scored === undefined || signature === undefined) return;
    const { feasible, totals, raw } = scored;
    const ranked = this.#ranked(cycle, {
      rows: feasible.rows.slice(0, feasible.length),
      totals: totals.slice(0, feasible.length),
      raw,
    });
    ranked.remove(node);
    this.#batch = { signature, madeUs: nowUs, ranked };
  }

  #signatureOf({ pod, cluster }: Cycle): string | undefined {
    return this.#signatures.signatureOf(pod, cluster.objects);
  }

  #ranked({ nodes, row }: Cycle, scored: Pick<RankedNodes, "rows" | "raw"> & { totals: Float64Array }) {
    const { tieBreak } = this.#profile;
    return new RankedNodes({ ...scored, tieBreak, positions: nodes.positions, pod: row, seed: this.#seed });
  }

  #propose(cycle: Cycle, passes: (node: number) => boolean): number {
    const batch = this.#batch;
    if (batch === undefined || batch.ranked.size === 0) return -1;
    if (!this.#goesOn(cycle, batch)) return -1;
    const { node } = this.#last;
    try {
      if (passes(node)) batch.ranked = this.#withRescored(cycle, batch.ranked, node);
      return batch.ranked.pop();
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      this.#batch = undefined;
      return -1;
    }
  }

  /** Whether the pod may go on from what is kept. */
  #goesOn(cycle: Cycle, { signature, madeUs }: Batch): boolean {
    const { attempt, nowUs } = this.#clock;
    const { positions } = cycle.nodes;
    return (
      this.#last.attempt === attempt - 1 &&
      this.#signatureOf(cycle) === signature &&
      nowUs - madeUs <= MAX_AGE_US &&
      positions[this.#last.node] >= 0
    );
  }

  /** Takes a node in again: only its raw scores are new, and all of them are normalised together. */
  #withRescored(cycle: Cycle, ranked: RankedNodes, node: number): RankedNodes {
    const rows = new Uint32Array(ranked.size + 1);
    rows.set(ranked.rows);
    rows[ranked.size] = node;
    const { raw, totals } = this.#scoring.rescoreLast(cycle, { rows, length: rows.length }, ranked.raw);
    return this.#ranked(cycle, { rows, raw, totals });
  }
}
