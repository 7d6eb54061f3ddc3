import { CRITERIA } from "./pick-one.ts";

/** Nobody. */
const NONE = -1;

/** Which candidate costs least, the first in node order among equals, over any range of places: a tree of winners over costs. */
export class CostTournament {
  readonly #costs: Float64Array;
  /** Leaves from `#leaves` on, one per place; each other entry is the better one of those at twice its place and behind. */
  readonly #winners: Int32Array;
  readonly #leaves: number;

  constructor(places: number) {
    this.#costs = new Float64Array(CRITERIA * places);
    this.#leaves = places;
    this.#winners = new Int32Array(2 * places).fill(NONE);
  }

  /** About how much memory it takes. */
  get bytes(): number {
    return this.#costs.byteLength + this.#winners.byteLength;
  }

  /** @param cost undefined: the place takes no part */
  set(place: number, cost: readonly number[] | undefined): void {
    const winners = this.#winners;
    let at = this.#leaves + place;
    if (cost === undefined) {
      if (winners[at] === NONE) return;
      winners[at] = NONE;
    } else {
      for (let i = 0; i < CRITERIA; i++) this.#costs[CRITERIA * place + i] = cost[i];
      winners[at] = place;
    }
    for (at >>= 1; at >= 1; at >>= 1) {
      const before = winners[at];
      winners[at] = this.bestOf(winners[2 * at], winners[2 * at + 1]);
      // Above it nothing changes, unless it is the changed one that won.
      if (winners[at] === before && before !== place) return;
    }
  }

  /** The best from `from` to `end - 1`; -1 when nobody there takes part. */
  best(from: number, end: number): number {
    const winners = this.#winners;
    let best = NONE;
    let low = this.#leaves + from;
    let high = this.#leaves + end;
    while (low < high) {
      if ((low & 1) === 1) best = this.bestOf(best, winners[low++]);
      if ((high & 1) === 1) best = this.bestOf(best, winners[--high]);
      low >>= 1;
      high >>= 1;
    }
    return best;
  }

  /** The better of two, -1 for nobody; a total order, so that it does not matter in which order they meet. */
  bestOf(a: number, b: number): number {
    if (a === NONE) return b;
    if (b === NONE) return a;
    const costs = this.#costs;
    for (let i = 0; i < CRITERIA; i++) {
      const costA = costs[CRITERIA * a + i];
      const costB = costs[CRITERIA * b + i];
      if (costA !== costB) return costA < costB ? a : b;
    }
    return Math.min(a, b);
  }
}
