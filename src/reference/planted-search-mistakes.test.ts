import { describe, expect, it } from "vitest";
import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import { shippedProfile, shippedProfiles } from "../plugins/profiles.ts";
import { emptyOutcome, type Outcome } from "../scheduler/outcome.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import { pluginScore } from "../scheduler/plugin-score.ts";
import { preFilter } from "../scheduler/pre-filter.ts";
import type { Profile } from "../scheduler/profile.ts";
import { numFeasibleNodesToFind } from "../scheduler/sampling.ts";
import type { Selection } from "../scheduler/selection.ts";
import { breakTie } from "../scheduler/tie-break.ts";
import type { Decider } from "../testing/compare-decisions.ts";
import { type DifferentialCase, DifferentialCases } from "../testing/differential-cases.ts";
import { forcedSample } from "../testing/forced-sample.ts";
import { referencePolicy } from "./reference-policy.ts";

const mistakes = [
  "the next search starts one node too far",
  "the next search starts where this one did",
  "only feasible nodes move the start of the next search",
  "the start moves modulo the candidates",
  "the feasible node after the last one wanted is counted",
  "the feasible node after the last one wanted is kept",
  "the search does not wrap around",
  "PreFilter's reduction is ignored",
  "a single feasible node is scored",
  "the last of equal nodes is taken",
  "the first of equal nodes found is taken",
  "every attempt draws the same node",
  "devices of the first feasible node are taken",
] as const;

type Mistake = (typeof mistakes)[number];

/** The scheduling cycle once more, node by node over the fast plugins, with room for one mistake. */
class PlainCycle implements Decider {
  nextStart = 0;
  feasible: Selection = { rows: new Uint32Array(0), length: 0 };
  readonly #cluster: Cluster;
  readonly #profile: Profile;
  readonly #case: DifferentialCase;
  readonly #mistake: Mistake | undefined;

  constructor(
    cluster: Cluster,
    profile: Profile,
    differentialCase: DifferentialCase,
    mistake: Mistake | undefined,
  ) {
    this.#cluster = cluster;
    this.#profile = profile;
    this.#case = differentialCase;
    this.#mistake = mistake;
  }

  run(row: number, pod: PodKind, attempt: number): Outcome {
    const outcome = emptyOutcome();
    const cycle: Cycle = { pod, row, nodes: this.#cluster.nodes, cluster: this.#cluster };
    this.feasible = { rows: new Uint32Array(0), length: 0 };
    if (cycle.nodes.order.length === 0) return outcome;
    const candidates = preFilter(this.#profile, cycle);
    outcome.rejectors = candidates.rejectors;
    outcome.mainRejector = lowestBit(candidates.rejectors);
    if (candidates.rejected !== undefined) {
      outcome.preFilterStatus = candidates.rejected;
      return outcome;
    }
    const reduced = this.#is("PreFilter's reduction is ignored") ? undefined : candidates.nodes;
    this.#search(cycle, reduced ?? cycle.nodes.order, outcome);
    if (outcome.feasible === 0) return outcome;
    outcome.mainRejector = -1;
    this.#choose(cycle, outcome, attempt);
    const { rows } = this.feasible;
    const place = this.#is("devices of the first feasible node are taken") ? rows[0] : outcome.node;
    outcome.devices =
      this.#profile.plugins.find(({ plugin }) => plugin.takeDevices)?.plugin.takeDevices?.(cycle, place) ?? 0;
    return outcome;
  }

  #is(mistake: Mistake): boolean {
    return this.#mistake === mistake;
  }

  #search(cycle: Cycle, candidates: Uint32Array, outcome: Outcome): void {
    const { plugins, percentageOfNodesToScore } = this.#profile;
    const total = candidates.length;
    const rule = this.#case.sample === undefined ? numFeasibleNodesToFind : forcedSample(this.#case.sample);
    const scoring = plugins.some(({ plugin }) => plugin.score !== undefined);
    const wanted = scoring ? rule(percentageOfNodesToScore, total) : 1;
    const rejections = plugins.map(() => 0);
    const found: number[] = [];
    let looked = 0;
    for (; looked < total; looked++) {
      const place = this.nextStart + looked;
      if (this.#is("the search does not wrap around") && place >= total && looked > 0) break;
      const node = candidates[place % total];
      const rejector = plugins.findIndex(({ plugin }) => !passes(plugin.filter?.(cycle), node));
      if (rejector !== -1) rejections[rejector] += 1;
      else if (found.length < wanted) found.push(node);
      else {
        if (this.#is("the feasible node after the last one wanted is kept")) found.push(node);
        if (this.#is("the feasible node after the last one wanted is counted")) looked++;
        break;
      }
    }
    this.feasible = { rows: Uint32Array.from(found), length: found.length };
    outcome.feasible = found.length;
    outcome.evaluated = looked;
    this.#moveStart(looked, found.length, total, cycle.nodes.order.length);
    rejections.forEach((count, p) => {
      if (count > 0) outcome.rejectors |= 1 << p;
    });
    const most = Math.max(...rejections);
    if (most > 0) outcome.mainRejector = rejections.indexOf(most);
  }

  #moveStart(looked: number, found: number, total: number, all: number): void {
    const modulus = this.#is("the start moves modulo the candidates") ? Math.max(total, 1) : all;
    let step = looked;
    if (this.#is("only feasible nodes move the start of the next search")) step = found;
    if (this.#is("the next search starts one node too far")) step = looked + 1;
    if (this.#is("the next search starts where this one did")) step = 0;
    this.nextStart = (this.nextStart + step) % modulus;
  }

  #choose(cycle: Cycle, outcome: Outcome, attempt: number): void {
    const { rows, length } = this.feasible;
    if (length === 1 && !this.#is("a single feasible node is scored")) {
      outcome.node = rows[0]!;
      outcome.tied = 1;
      return;
    }
    const totals = new Int32Array(length);
    for (const { plugin, weight = 1 } of this.#profile.plugins) {
      const scoring = pluginScore(plugin, cycle);
      if (scoring === undefined) continue;
      const scores = new Int32Array(length);
      scoring.score(this.feasible, scores);
      scoring.normalizeScore?.(scores, this.feasible);
      for (let i = 0; i < length; i++) totals[i] += scores[i] * weight;
    }
    outcome.score = Math.max(...totals);
    const best = [...totals.keys()].filter((i) => totals[i] === outcome.score);
    outcome.tied = best.length;
    outcome.node = rows[this.#breakTie(best, cycle, attempt)]!;
  }

  #breakTie(best: readonly number[], cycle: Cycle, attempt: number): number {
    if (this.#is("the last of equal nodes is taken")) return best.at(-1)!;
    if (this.#is("the first of equal nodes found is taken")) return best[0];
    return breakTie(
      this.#profile.tieBreak,
      {
        ranks: Int32Array.from(best),
        count: best.length,
        rows: this.feasible.rows,
        positions: cycle.nodes.positions,
        pod: cycle.row,
        attempt: this.#is("every attempt draws the same node") ? 1 : attempt,
      },
      this.#case.seed,
    );
  }
}

function passes(filter: ((candidates: Selection) => void) | undefined, node: number): boolean {
  const one: Selection = { rows: Uint32Array.of(node), length: 1 };
  filter?.(one);
  return one.length === 1;
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

const cases = new DifferentialCases(
  600,
  7,
  shippedProfiles().map(({ name }) => referencePolicy(name)),
);

function firstDifference(mistake: Mistake | undefined) {
  return cases.firstDifference(
    ({ name }) => shippedProfile(name),
    (cluster, profile, played) => new PlainCycle(cluster, profile, played, mistake),
  );
}

describe("mistakes planted in the search and the choice", () => {
  it("are the only difference: without one, the plain cycle decides as the reference does", () => {
    expect(firstDifference(undefined)).toBeUndefined();
  });

  it.each(mistakes)("are found: %s", (mistake) => {
    const found = firstDifference(mistake);
    if (process.env["STOWAGE_COVERAGE"] !== undefined) console.log(`${mistake}: case ${found?.place}`);
    expect(found).toBeDefined();
  });
});
