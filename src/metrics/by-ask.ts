import { hasArrived } from "./arrived.ts";
import type { HeldState } from "./held-state.ts";
import type { Series } from "./measure.ts";
import { type MeasuredResource, peakCapacity, resourceIndex } from "./measured-resources.ts";
import type { ReplayObserver } from "./replay.ts";

/** Workloads whose pods leave can ask for the cluster many times over; the axis ends here. */
const ASK_LIMIT_PERCENT = 300;

/** The rule of the axis, for definitions. */
export const askRule =
  "Arrived pods count when their first attempt is over, each with its request and the state in which it leaves the cluster. It " +
  "falls into the bin of the cumulative ask / capacity in whole percent (nearest, half to even, as in Weng et al., USENIX ATC '23). " +
  "A bin's value is the mean over its pods; an empty bin has the value of the next that is not empty";

/** One quantity to be drawn against the ask. */
export interface AskedQuantity {
  readonly name: string;
  readonly title: string;
  /** Its value in percent, in the state that is. */
  readonly read: () => number;
}

/** Quantities against the cumulative ask of one resource, in percent of the most that the cluster ever offered. */
export class ByAsk implements ReplayObserver {
  readonly quantities: readonly AskedQuantity[];
  readonly #state: HeldState;
  readonly #resource: number;
  readonly #capacity: number;
  readonly #bins: number;
  readonly #sums: readonly Float64Array[];
  readonly #counts: Float64Array;
  #asked = 0;
  #handled = 0;

  /** `quantitiesOf` is given the capacity. */
  constructor(
    state: HeldState,
    resource: MeasuredResource,
    quantitiesOf: (capacity: number) => readonly AskedQuantity[],
  ) {
    this.#state = state;
    this.#resource = resourceIndex(state.trace, resource);
    this.#capacity = peakCapacity(state.trace, this.#resource);
    this.quantities = this.#capacity > 0 ? quantitiesOf(this.#capacity) : [];
    // From all arriving pods, tried or not, so that the axis does not depend on the policy.
    this.#bins = this.#capacity > 0 ? Math.min(ASK_LIMIT_PERCENT, this.#binOf(this.#totalAsk())) + 1 : 0;
    this.#sums = this.quantities.map(() => new Float64Array(this.#bins));
    this.#counts = new Float64Array(this.#bins);
  }

  #totalAsk(): number {
    const { pods, templates } = this.#state.trace;
    let total = 0;
    for (let pod = 0; pod < pods.count; pod++) {
      if (hasArrived(pods, pod)) total += templates[pods.template[pod]].requests[this.#resource];
    }
    return total;
  }

  #binOf(asked: number): number {
    return roundHalfEven((100 * asked) / this.#capacity);
  }

  handled(pod: number): void {
    if (this.#bins === 0) return;
    const { pods, templates } = this.#state.trace;
    this.#asked += templates[pods.template[pod]].requests[this.#resource];
    this.#handled++;
  }

  /** The pods handled at one instant share a record, because what came of each cannot be told apart. */
  settled(): void {
    if (this.#handled === 0) return;
    const bin = this.#binOf(this.#asked);
    if (bin < this.#bins && this.#state.capacity[this.#resource] > 0) {
      this.#counts[bin] += this.#handled;
      for (const [i, { read }] of this.quantities.entries()) this.#sums[i][bin] += read() * this.#handled;
    }
    this.#handled = 0;
  }

  /** The value of quantity i in a bin; null when the ask never came that far. */
  at(i: number, percent: number): number | null {
    for (let bin = percent; bin < this.#bins; bin++) {
      if (this.#counts[bin] > 0) return this.#sums[i][bin] / this.#counts[bin];
    }
    return null;
  }

  series(): Series[] {
    const at = Float64Array.from({ length: this.#bins }, (_, bin) => bin);
    return this.quantities.map(({ name, title }, i) => {
      const values = new Float64Array(this.#bins).fill(Number.NaN);
      let next = Number.NaN;
      for (let bin = this.#bins - 1; bin >= 0; bin--) {
        if (this.#counts[bin] > 0) next = this.#sums[i][bin] / this.#counts[bin];
        values[bin] = next;
      }
      return { name, title, unit: "percent", atUnit: "percent arrived", at, values };
    });
  }
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
