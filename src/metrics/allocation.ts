import type { HeldState } from "./held-state.ts";
import type { Measure, Series, Values } from "./measure.ts";
import {
  type MeasuredResource,
  measuredResources,
  peakCapacity,
  resourceIndex,
  resourceTitles,
} from "./measured-resources.ts";
import type { ReplayObserver } from "./replay.ts";
import { TimeMean } from "./time-mean.ts";

/** How much of the cluster is given away. */
export const allocationMeasures: readonly Measure[] = measuredResources.flatMap((resource): Measure[] => [
  {
    name: `${resource}Allocation`,
    title: `${resourceTitles[resource]} allocation`,
    unit: "percent",
    better: "higher",
    definition:
      `Requests of the pods that hold a node / allocatable of the nodes present, for ${resource}: the mean over time from the ` +
      "first arrival to the last event of the run.",
    primaryEligible: true,
  },
  {
    name: `${resource}AllocationAtEnd`,
    title: `${resourceTitles[resource]} allocation at the end`,
    unit: "percent",
    better: "higher",
    definition: `Requests of the pods that hold a node / allocatable of the nodes present, for ${resource}, when the run ends.`,
    primaryEligible: true,
  },
  {
    name: `${resource}AllocationPeak`,
    title: `${resourceTitles[resource]} allocation at its peak`,
    unit: "percent",
    better: "none",
    definition: `The greatest allocation of ${resource} that stood for any time, as a share of the nodes present.`,
    primaryEligible: false,
  },
]);

/** The allocation of one resource over a run. */
export class Allocation implements ReplayObserver {
  readonly resource: MeasuredResource;
  /** Whether the cluster ever had any of it. */
  readonly applies: boolean;
  readonly #state: HeldState;
  readonly #index: number;
  readonly #mean = new TimeMean();
  readonly #samples: Float64Array;
  #peak = 0;

  constructor(state: HeldState, resource: MeasuredResource, samples: number) {
    this.resource = resource;
    this.#state = state;
    this.#index = resourceIndex(state.trace, resource);
    this.applies = peakCapacity(state.trace, this.#index) > 0;
    this.#samples = new Float64Array(samples);
  }

  /** Percent of the capacity present; NaN when there is none. */
  get percent(): number {
    return (100 * this.#state.allocated[this.#index]) / this.#state.capacity[this.#index];
  }

  stood(durationUs: number): void {
    if (this.#state.capacity[this.#index] <= 0) return;
    const { percent } = this;
    this.#mean.add(percent, durationUs);
    if (percent > this.#peak) this.#peak = percent;
  }

  sampled(sample: number): void {
    this.#samples[sample] = this.percent;
  }

  values(): Values {
    return {
      [`${this.resource}Allocation`]: this.applies ? this.#mean.value : null,
      [`${this.resource}AllocationAtEnd`]: Number.isNaN(this.percent) ? null : this.percent,
      [`${this.resource}AllocationPeak`]: this.applies ? this.#peak : null,
    };
  }

  series(atSeconds: Float64Array): Series {
    return {
      name: `${this.resource}AllocationOverTime`,
      title: `${resourceTitles[this.resource]} allocation`,
      unit: "percent",
      atUnit: "seconds",
      at: atSeconds,
      values: this.#samples,
    };
  }
}
