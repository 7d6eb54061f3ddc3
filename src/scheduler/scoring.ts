import { InvariantViolation } from "../base/errors.ts";
import { addExtenderScores, type ExtendedPod } from "./ask-extenders.ts";
import type { Outcome } from "./outcome.ts";
import type { Cycle, Plugin } from "./plugin.ts";
import { pluginScore } from "./plugin-score.ts";
import type { Profile } from "./profile.ts";
import type { Selection } from "./selection.ts";
import { breakTie } from "./tie-break.ts";

const MAX_NODE_SCORE = 100;

interface Scorer {
  readonly plugin: Plugin;
  readonly weight: number;
}

/** Scores before normalisation: a list for each plugin that scores, by place of the node; undefined where it skipped the cycle. */
export type RawScores = (Int32Array | undefined)[];

/** Scores feasible nodes with every plugin of a profile, and chooses the best (upstream: prioritizeNodes, selectHost). */
export class Scoring {
  readonly #profile: Profile;
  readonly #seed: number;
  readonly #scorers: readonly Scorer[];
  #scores = new Int32Array(0);
  /** Doubles: weights may be great, those of extenders above all. */
  #totals = new Float64Array(0);
  #ranks = new Int32Array(0);
  /** What each scorer says of the cycle at hand. */
  readonly #scorings: ReturnType<typeof pluginScore>[] = [];

  constructor(profile: Profile, seed: number) {
    this.#profile = profile;
    this.#seed = seed;
    this.#scorers = profile.plugins
      .filter(({ plugin }) => plugin.score !== undefined)
      .map(({ plugin, weight }) => ({ plugin, weight: weight ?? 1 }));
  }

  /** Whether anything scores at all: if not, the first feasible node will do. */
  scores(): boolean {
    return this.#scorers.length > 0 || (this.#profile.extenders ?? []).some(({ prioritize }) => prioritize);
  }

  /**
   * The chosen node among two or more feasible ones; notes the best total and how many have it.
   * @param extended the pod as extenders are told of it, where the profile has some
   * @param raw filled, when there, with each plugin's scores before normalisation; undefined for one that skips the cycle
   */
  choose(
    cycle: Cycle,
    feasible: Selection,
    outcome: Outcome,
    attempt: number,
    extended?: ExtendedPod,
    raw?: RawScores,
  ): number {
    const count = feasible.length;
    this.#reserve(count);
    const totals = this.#totals;
    totals.fill(0, 0, count);
    const scorers = this.#scorers;
    // PreScore of all comes first: its errors are those that are told.
    for (let s = 0; s < scorers.length; s++) this.#scorings[s] = pluginScore(scorers[s].plugin, cycle);
    for (let s = 0; s < scorers.length; s++) {
      const scorer = scorers[s];
      const scoring = this.#scorings[s];
      scoring?.score(feasible, this.#scores);
      raw?.push(scoring && this.#scores.slice(0, count));
      if (scoring !== undefined) this.#add(scorer, scoring, feasible, totals);
    }
    const { extenders = [], tieBreak } = this.#profile;
    const pointed = extended && addExtenderScores(extenders, extended, cycle.nodes, feasible, totals);

    let best = totals[0];
    for (let i = 1; i < count; i++) if (totals[i] > best) best = totals[i]!;
    let tied = 0;
    for (let i = 0; i < count; i++) if (totals[i] === best) this.#ranks[tied++] = i;
    outcome.score = best;
    outcome.tied = tied;
    const lots = tieBreak === "upstream" && pointed !== undefined ? this.#keepPointed(pointed, tied) : 0;
    const rank = breakTie(
      lots > 0 ? "random" : tieBreak,
      {
        ranks: this.#ranks,
        count: lots > 0 ? lots : tied,
        rows: feasible.rows,
        positions: cycle.nodes.positions,
        pod: cycle.row,
        attempt,
      },
      this.#seed,
    );
    return feasible.rows[rank];
  }

  /**
   * Upstream draws a number for each node that an extender gave points, and among equal totals the greatest wins: those without
   * points have 0. Leaves these out of the tie, when any is left.
   */
  #keepPointed(pointed: Uint8Array, tied: number): number {
    const ranks = this.#ranks;
    let kept = 0;
    for (let i = 0; i < tied; i++) if (pointed[ranks[i]] === 1) ranks[kept++] = ranks[i]!;
    return kept;
  }

  /** The total of each of the nodes of the last choice, by its place. */
  get totals(): Float64Array {
    return this.#totals;
  }

  /**
   * Totals of nodes whose raw scores are known from an earlier cycle, save for the last node, which is scored in this one. All are
   * normalised together.
   * @param known by place, of all nodes but the last; a plugin that skipped the earlier cycle gave them 0
   */
  rescoreLast(
    cycle: Cycle,
    nodes: Selection,
    known: RawScores,
  ): { readonly totals: Float64Array; readonly raw: RawScores } {
    const { rows, length } = nodes;
    this.#reserve(length);
    const totals = new Float64Array(length);
    const one = new Int32Array(1);
    const raw: RawScores = this.#scorers.map((scorer, s) => {
      const scoring = pluginScore(scorer.plugin, cycle);
      if (scoring === undefined && known[s] === undefined) return undefined;
      const scores = new Int32Array(length);
      if (known[s] !== undefined) scores.set(known[s]);
      if (scoring === undefined) return scores;
      scoring.score({ rows: rows.subarray(length - 1), length: 1 }, one);
      scores[length - 1] = one[0]!;
      this.#scores.set(scores);
      this.#add(scorer, scoring, nodes, totals);
      return scores;
    });
    return { totals, raw };
  }

  /** Normalises the scores at hand and adds them to the totals. */
  #add(
    { plugin, weight }: Scorer,
    scoring: NonNullable<ReturnType<typeof pluginScore>>,
    nodes: Selection,
    totals: Float64Array,
  ): void {
    const count = nodes.length;
    const scores = this.#scores;
    scoring.normalizeScore?.(scores, nodes);
    for (let i = 0; i < count; i++) {
      const value = scores[i];
      if (value < 0 || value > MAX_NODE_SCORE) this.#refuse(plugin, value);
      totals[i] += value * weight;
    }
  }

  #refuse(plugin: Plugin, score: number): never {
    throw new InvariantViolation(
      `plugin "${plugin.name}" returns an invalid score ${score}, it should in the range of [0, ${MAX_NODE_SCORE}] after normalizing`,
    );
  }

  #reserve(count: number): void {
    if (this.#scores.length >= count) return;
    this.#scores = new Int32Array(count);
    this.#totals = new Float64Array(count);
    this.#ranks = new Int32Array(count);
  }
}
