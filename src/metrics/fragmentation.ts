import type { TraceTemplate } from "../trace/trace.ts";
import { type DeviceDemand, deviceDemand } from "./device-demand.ts";
import type { HeldState } from "./held-state.ts";
import type { Measure, Values } from "./measure.ts";
import { resourceIndex, resourceTitles } from "./measured-resources.ts";
import type { ReplayObserver } from "./replay.ts";
import { TimeMean } from "./time-mean.ts";
import { modelsOf, type Shape, type TypicalPod, typicalPods } from "./typical-pods.ts";

const fragmentedResources = ["cpu", "memory"] as const;

export const fragmentationMeasures: readonly Measure[] = fragmentedResources.map((resource) => ({
  name: `${resource}Fragmentation`,
  title: `${resourceTitles[resource]} fragmentation`,
  unit: "percent",
  better: "lower",
  definition:
    `Share of the free ${resource} that lies on nodes which cannot host a typical pod (any of its requests or devices lacking), ` +
    "weighted by the typical pods' frequency among the arriving pods: the mean over time from the first arrival to the last " +
    "event. Generalises Weng et al. (USENIX ATC '23); taints and affinity are not considered.",
  primaryEligible: true,
}));

/** How much of the free CPU and memory lies where the typical pods do not fit. */
export class Fragmentation implements ReplayObserver {
  readonly #state: HeldState;
  readonly #typical: readonly TypicalPod[];
  readonly #demand: DeviceDemand;
  readonly #weights: Float64Array;
  /** `requests[pod * resources + resource]` */
  readonly #requests: Float64Array;
  readonly #free: Float64Array;
  readonly #tallies: readonly Tally[];

  constructor(state: HeldState, popularity: ArrayLike<number>) {
    const { trace } = state;
    const shape = (template: TraceTemplate): Shape => [
      ...template.requests,
      template.devices?.milli ?? 0,
      template.devices?.count ?? 0,
      modelsOf(template),
    ];
    this.#state = state;
    this.#typical = typicalPods(trace, popularity, shape);
    this.#demand = deviceDemand(this.#typical, trace.nodes);
    this.#weights = Float64Array.from(this.#typical, ({ weight }) => weight);
    this.#requests = Float64Array.from(this.#typical.flatMap(({ template }) => template.requests));
    this.#free = new Float64Array(trace.resources.length);
    this.#tallies = fragmentedResources.map((resource) => ({
      name: `${resource}Fragmentation`,
      resource: resourceIndex(trace, resource),
      strandedOn: new Float64Array(trace.nodes.count),
      stranded: 0,
      mean: new TimeMean(),
    }));
  }

  nodeChanged(node: number): void {
    const { trace, held, present } = this.#state;
    for (let r = 0; r < held.length; r++) {
      this.#free[r] = trace.nodes.allocatable[r][node] - held[r][node];
    }
    const lost = present[node] === 1 ? this.#weightNotHosted(node) : 0;
    for (const tally of this.#tallies) {
      if (tally.resource < 0) continue;
      const stranded = lost * this.#free[tally.resource];
      tally.stranded += stranded - tally.strandedOn[node];
      tally.strandedOn[node] = stranded;
    }
  }

  /** The weight of the typical pods that do not fit on a node whose free resources are in `#free`. */
  #weightNotHosted(node: number): number {
    let weight = 0;
    for (let i = 0; i < this.#weights.length; i++) {
      if (!this.#hosts(i, node)) weight += this.#weights[i];
    }
    return weight;
  }

  #hosts(i: number, node: number): boolean {
    const resources = this.#free.length;
    for (let r = 0; r < resources; r++) {
      const request = this.#requests[i * resources + r];
      if (request > 0 && request > this.#free[r]) return false;
    }
    const { counts, shareOf, shares, allowed, models } = this.#demand;
    if (counts[i] === 0) return true;
    const { trace, deviceStart, deviceFree } = this.#state;
    if (allowed[i * (models + 1) + trace.nodes.deviceModel[node] + 1] === 0) return false;
    let missing = counts[i];
    for (let device = deviceStart[node]; device < deviceStart[node + 1] && missing > 0; device++) {
      if (deviceFree[device] >= shares[shareOf[i]]) missing--;
    }
    return missing === 0;
  }

  stood(durationUs: number): void {
    for (const { resource, stranded, mean } of this.#tallies) {
      if (resource < 0 || this.#state.capacity[resource] === 0) continue;
      const free = this.#state.capacity[resource] - this.#state.allocated[resource];
      mean.add(free <= 0 ? 0 : Math.min(100, Math.max(0, (100 * stranded) / free)), durationUs);
    }
  }

  values(): Values {
    return Object.fromEntries(this.#tallies.map(({ name, mean }) => [name, mean.value]));
  }
}

interface Tally {
  readonly name: string;
  readonly resource: number;
  readonly strandedOn: Float64Array;
  stranded: number;
  readonly mean: TimeMean;
}
