import type { HeldState } from "./held-state.ts";
import type { Measure, Values } from "./measure.ts";
import {
  type MeasuredResource,
  measuredResources,
  resourceIndex,
  resourceTitles,
} from "./measured-resources.ts";
import type { ReplayObserver } from "./replay.ts";
import { TimeMean } from "./time-mean.ts";

const formula =
  "Coefficient of variation (population standard deviation / mean) of the allocated share over the nodes present that have any";

/** How unevenly the nodes are filled. */
export const imbalanceMeasures: readonly Measure[] = measuredResources.flatMap((resource): Measure[] => [
  {
    name: `${resource}Imbalance`,
    title: `${resourceTitles[resource]} imbalance`,
    unit: "ratio",
    better: "lower",
    definition:
      `${formula} ${resource}: the mean over time from the first arrival to the last event, leaving out the time in which ` +
      "nothing is allocated.",
    primaryEligible: true,
  },
  {
    name: `${resource}ImbalanceAtEnd`,
    title: `${resourceTitles[resource]} imbalance at the end`,
    unit: "ratio",
    better: "lower",
    definition: `${formula} ${resource}, when the run ends.`,
    primaryEligible: true,
  },
]);

/** Sums of shares collect rounding; below this mean share nothing is allocated. */
const nothing = 1e-9;

/** A variance below this part of the mean square is rounding, of which the root would make much: all shares are equal. */
const equal = 1e-12;

/** The imbalance of one resource, from running sums of the nodes' shares and their squares. */
export class Imbalance implements ReplayObserver {
  readonly resource: MeasuredResource;
  readonly #state: HeldState;
  readonly #index: number;
  /** The share of each node as last counted; -1 when the node does not count. */
  readonly #shares: Float64Array;
  readonly #mean = new TimeMean();
  #nodes = 0;
  #sum = 0;
  #squares = 0;

  constructor(state: HeldState, resource: MeasuredResource) {
    this.resource = resource;
    this.#state = state;
    this.#index = resourceIndex(state.trace, resource);
    this.#shares = new Float64Array(state.trace.nodes.count).fill(-1);
  }

  nodeChanged(node: number): void {
    if (this.#index < 0) return;
    this.#count(this.#shares[node], -1);
    const allocatable = this.#state.trace.nodes.allocatable[this.#index][node];
    const counts = this.#state.present[node] === 1 && allocatable > 0;
    this.#shares[node] = counts ? this.#state.held[this.#index][node] / allocatable : -1;
    this.#count(this.#shares[node], 1);
  }

  #count(share: number, sign: 1 | -1): void {
    if (share < 0) return;
    this.#nodes += sign;
    this.#sum += sign * share;
    this.#squares += sign * share * share;
  }

  stood(durationUs: number): void {
    const current = this.#current();
    if (current !== null) this.#mean.add(current, durationUs);
  }

  #current(): number | null {
    const mean = this.#sum / this.#nodes;
    if (this.#nodes === 0 || mean < nothing) return null;
    const meanSquare = this.#squares / this.#nodes;
    const variance = meanSquare - mean * mean;
    return variance < equal * meanSquare ? 0 : Math.sqrt(variance) / mean;
  }

  values(): Values {
    return {
      [`${this.resource}Imbalance`]: this.#mean.value,
      [`${this.resource}ImbalanceAtEnd`]: this.#current(),
    };
  }
}
