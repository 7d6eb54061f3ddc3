import { InvariantViolation } from "../base/errors.ts";
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

/** Scores feasible nodes with every plugin of a profile, and chooses the best (upstream: prioritizeNodes, selectHost). */
export class Scoring {
  readonly #profile: Profile;
  readonly #seed: number;
  readonly #scorers: readonly Scorer[];
  #scores = new Int32Array(0);
  #totals = new Int32Array(0);
  #ranks = new Int32Array(0);

  constructor(profile: Profile, seed: number) {
    this.#profile = profile;
    this.#seed = seed;
    this.#scorers = profile.plugins
      .filter(({ plugin }) => plugin.score !== undefined)
      .map(({ plugin, weight }) => ({ plugin, weight: weight ?? 1 }));
  }

  /** Whether anything scores at all: if not, the first feasible node will do. */
  scores(): boolean {
    return this.#scorers.length > 0;
  }

  /** The chosen node among two or more feasible ones; notes the best total and how many have it. */
  choose(cycle: Cycle, feasible: Selection, outcome: Outcome, attempt: number): number {
    const count = feasible.length;
    this.#reserve(count);
    const totals = this.#totals;
    totals.fill(0, 0, count);
    for (const { plugin, weight } of this.#scorers) this.#add(plugin, weight, cycle, feasible);

    let best = totals[0];
    for (let i = 1; i < count; i++) if (totals[i] > best) best = totals[i]!;
    let tied = 0;
    for (let i = 0; i < count; i++) if (totals[i] === best) this.#ranks[tied++] = i;
    outcome.score = best;
    outcome.tied = tied;
    const rank = breakTie(
      this.#profile.tieBreak,
      {
        ranks: this.#ranks,
        count: tied,
        rows: feasible.rows,
        positions: cycle.nodes.positions,
        pod: cycle.row,
        attempt,
      },
      this.#seed,
    );
    return feasible.rows[rank];
  }

  #add(plugin: Plugin, weight: number, cycle: Cycle, feasible: Selection): void {
    const scoring = pluginScore(plugin, cycle);
    if (scoring === undefined) return;
    const count = feasible.length;
    const scores = this.#scores;
    scoring.score(feasible, scores);
    scoring.normalizeScore?.(scores, feasible);
    const totals = this.#totals;
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
    this.#totals = new Int32Array(count);
    this.#ranks = new Int32Array(count);
  }
}
