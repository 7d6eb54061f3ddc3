import type { TraceTemplate } from "../trace/trace.ts";
import { type DeviceDemand, deviceDemand } from "./device-demand.ts";
import type { HeldState } from "./held-state.ts";
import type { Measure, Values } from "./measure.ts";
import { resourceIndex } from "./measured-resources.ts";
import type { ReplayObserver } from "./replay.ts";
import { TimeMean } from "./time-mean.ts";
import { modelsOf, type Shape, type TypicalPod, typicalPods } from "./typical-pods.ts";

const formula =
  "Share of the idle GPU that the typical pods cannot use, weighted by their frequency among the arriving pods (fragmentation " +
  "ratio of Weng et al., USENIX ATC '23): all of a node's idle GPU for a pod that asks for none, that it cannot host or whose " +
  "models it lacks, otherwise what is idle on devices with less than the pod asks of each";

export const gpuFragmentationMeasures: readonly Measure[] = [
  {
    name: "gpuFragmentation",
    title: "GPU fragmentation",
    unit: "percent",
    better: "lower",
    definition: `${formula}: the mean over time from the first arrival to the last event of the run.`,
    primaryEligible: true,
  },
  {
    name: "gpuFragmentationAtEnd",
    title: "GPU fragmentation at the end",
    unit: "percent",
    better: "lower",
    definition: `${formula}, when the run ends.`,
    primaryEligible: true,
  },
];

/** FGD's fragmentation of the cluster, kept up to date by evaluating only the node that changed. */
export class GpuFragmentation implements ReplayObserver {
  readonly #state: HeldState;
  readonly #cpu: number;
  readonly #typical: readonly TypicalPod[];
  readonly #demand: DeviceDemand;
  readonly #weights: Float64Array;
  readonly #cpuAsked: Float64Array;
  /** Of the node being evaluated, per distinct share: devices with at least so much free, and what is free on the others. */
  readonly #enough: Int32Array;
  readonly #scraps: Float64Array;
  /** What each node adds to the totals. */
  readonly #fragmentOf: Float64Array;
  readonly #idleOf: Float64Array;
  readonly #mean = new TimeMean();
  #fragment = 0;
  #idle = 0;

  constructor(state: HeldState, popularity: ArrayLike<number>) {
    const { trace } = state;
    const cpu = resourceIndex(trace, "cpu");
    const cpuOf = (template: TraceTemplate) => template.requests[cpu] ?? 0;
    const shape = (template: TraceTemplate): Shape => [
      cpuOf(template),
      template.devices?.milli ?? 0,
      template.devices?.count ?? 0,
      modelsOf(template),
    ];
    this.#state = state;
    this.#cpu = cpu;
    this.#typical = trace.nodes.deviceCount.some((devices) => devices > 0)
      ? typicalPods(trace, popularity, shape)
      : [];
    this.#demand = deviceDemand(this.#typical, trace.nodes);
    this.#weights = Float64Array.from(this.#typical, ({ weight }) => weight);
    this.#cpuAsked = Float64Array.from(this.#typical, ({ template }) => cpuOf(template));
    this.#enough = new Int32Array(this.#demand.shares.length);
    this.#scraps = new Float64Array(this.#demand.shares.length);
    this.#fragmentOf = new Float64Array(trace.nodes.count);
    this.#idleOf = new Float64Array(trace.nodes.count);
  }

  /** Whether there are devices and arriving pods. */
  get applies(): boolean {
    return this.#typical.length > 0;
  }

  /** Fragmented / idle GPU; 0 when nothing is idle. */
  get percentOfIdle(): number {
    return this.#idle === 0 ? 0 : Math.min(100, Math.max(0, (100 * this.#fragment) / this.#idle));
  }

  /** Fragmented GPU / capacity, where a device is 1000. */
  percentOf(capacity: number): number {
    // Never more than is idle; sums of weights that should be 1 may exceed it by a rounding error.
    return (100 * Math.min(Math.max(0, this.#fragment), this.#idle)) / capacity;
  }

  nodeChanged(node: number): void {
    if (!this.applies) return;
    const present = this.#state.present[node] === 1;
    const idle = present ? this.#state.devicesFreeOn[node] : 0;
    const fragment = idle > 0 ? this.#fragmentOn(node, idle) : 0;
    this.#idle += idle - this.#idleOf[node];
    this.#fragment += fragment - this.#fragmentOf[node];
    this.#idleOf[node] = idle;
    this.#fragmentOf[node] = fragment;
  }

  /** F_n(M) of the paper in thousandths of a device. */
  #fragmentOn(node: number, idle: number): number {
    const { trace, held } = this.#state;
    const { counts, shareOf, allowed, models } = this.#demand;
    const cpuFree = this.#cpu < 0 ? 0 : trace.nodes.allocatable[this.#cpu][node] - held[this.#cpu][node];
    const model = trace.nodes.deviceModel[node] + 1;
    this.#lookAtDevices(node);
    let fragment = 0;
    for (let i = 0; i < counts.length; i++) {
      const share = shareOf[i];
      const hosts =
        counts[i] > 0 &&
        allowed[i * (models + 1) + model] === 1 &&
        this.#enough[share] >= counts[i] &&
        this.#cpuAsked[i] <= cpuFree;
      fragment += this.#weights[i] * (hosts ? this.#scraps[share] : idle);
    }
    return fragment;
  }

  #lookAtDevices(node: number): void {
    const { deviceStart, deviceFree } = this.#state;
    const { shares } = this.#demand;
    for (let s = 0; s < shares.length; s++) {
      let enough = 0;
      let scraps = 0;
      for (let device = deviceStart[node]; device < deviceStart[node + 1]; device++) {
        if (deviceFree[device] >= shares[s]) enough++;
        else scraps += deviceFree[device];
      }
      this.#enough[s] = enough;
      this.#scraps[s] = scraps;
    }
  }

  stood(durationUs: number): void {
    if (this.applies) this.#mean.add(this.percentOfIdle, durationUs);
  }

  values(): Values {
    return {
      gpuFragmentation: this.#mean.value,
      gpuFragmentationAtEnd: this.applies ? this.percentOfIdle : null,
    };
  }
}
