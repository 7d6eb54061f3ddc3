import { RowSet } from "../../scheduler/placement-index/row-set.ts";
import type { PreemptionCandidate } from "../../scheduler/plugin.ts";
import type { KeptPerNode } from "../../scheduler/preemption-index/kept-per-node.ts";
import { markRow } from "../../scheduler/preemption-index/mark-row.ts";
import { CostTournament } from "./cost-tournament.ts";

/** What a dry run at a place came to: a candidate with its cost, no candidate, or an error. */
export type KeptDryRun =
  | { readonly candidate: PreemptionCandidate; readonly cost: readonly number[] }
  | "in vain"
  | "failed";

/** Where a search starts, a number below the count of potential nodes, and how many candidates are enough. */
export interface SearchedCandidates {
  readonly offset: number;
  readonly wanted: number;
  /** Looks at the node at a place. */
  readonly dryRun: (place: number) => KeptDryRun;
}

/** What dry runs on nodes came to, as long as it holds. It decides as a search that makes them anew. */
export class KeptDryRuns implements KeptPerNode {
  readonly #potential: RowSet;
  readonly #places: number;
  /** Potential nodes on which no dry run was made, or none that still holds. */
  readonly #unknown: RowSet;
  /** Candidates that violate no budget, and those that violate some. */
  readonly #free: RowSet;
  readonly #violating: RowSet;
  readonly #failed: RowSet;
  readonly #tournament: CostTournament;
  readonly #candidates: (PreemptionCandidate | undefined)[];

  constructor(potential: RowSet, places: number) {
    this.#potential = potential;
    this.#places = places;
    this.#unknown = new RowSet(places);
    this.#free = new RowSet(places);
    this.#violating = new RowSet(places);
    this.#failed = new RowSet(places);
    this.#tournament = new CostTournament(places);
    this.#candidates = Array.from({ length: places }, () => undefined);
    this.forgetAll();
  }

  get bytes(): number {
    // With a victim or a few on each node.
    return this.#tournament.bytes + 150 * this.#places;
  }

  /** Whether some node failed that was looked at. */
  get someFailed(): boolean {
    return this.#failed.size > 0;
  }

  forget(place: number): void {
    this.#put(place, undefined);
    markRow(this.#unknown, place, this.#potential.has(place));
  }

  forgetAll(): void {
    for (let place = 0; place < this.#places; place++) this.forget(place);
  }

  /** The candidate that a search would come to; undefined when there is none. */
  find(search: SearchedCandidates): PreemptionCandidate | undefined {
    if (this.#potential.size === 0) return undefined;
    const start = this.#potential.select(0, search.offset);
    this.#look(start, search);
    const place = this.#best(start, search.wanted);
    return place === -1 ? undefined : this.#candidates[place];
  }

  /** Makes the dry runs that are missing, as far as a search that starts there would come. */
  #look(start: number, { wanted, dryRun }: SearchedCandidates): void {
    let from = start;
    let free = 0;
    let all = 0;
    while (this.#unknown.size > 0) {
      const next = this.#unknown.select(start, 0);
      const freeHere = this.#countAround(this.#free, from, next);
      free += freeHere;
      all += freeHere + this.#countAround(this.#violating, from, next);
      if (free > 0 && all >= wanted) return;
      markRow(this.#unknown, next, false);
      this.#put(next, dryRun(next));
      from = next;
    }
  }

  #put(place: number, found: KeptDryRun | undefined): void {
    const isCandidate = typeof found === "object";
    const candidate = isCandidate ? found.candidate : undefined;
    markRow(this.#free, place, candidate?.pdbViolations === 0);
    markRow(this.#violating, place, candidate !== undefined && candidate.pdbViolations > 0);
    markRow(this.#failed, place, found === "failed");
    this.#candidates[place] = candidate;
    this.#tournament.set(place, isCandidate ? found.cost : undefined);
  }

  /** Of the candidates up to that with which a search ends. */
  #best(start: number, wanted: number): number {
    const free = this.#free;
    const violating = this.#violating;
    if (free.size > 0) {
      const first = free.select(start, 0);
      // Violating ones alone are never enough: the first other one ends the search.
      if (this.#countAround(violating, start, first) >= wanted) return first;
    }
    const ends = free.size + violating.size <= wanted;
    if (ends) return this.#tournament.best(0, this.#places);
    const last = RowSet.selectAmong([free, violating], start, wanted - 1);
    if (last >= start) return this.#tournament.best(start, last + 1);
    return this.#tournament.bestOf(
      this.#tournament.best(start, this.#places),
      this.#tournament.best(0, last + 1),
    );
  }

  /** Members from a place on, around the end, before another place. */
  #countAround(set: RowSet, from: number, end: number): number {
    if (from <= end) return set.countBetween(from, end);
    return set.countBetween(from, this.#places) + set.countBetween(0, end);
  }
}
