import type { Allocation } from "./allocation.ts";
import { askRule, ByAsk } from "./by-ask.ts";
import type { GpuFragmentation } from "./gpu-fragmentation.ts";
import type { HeldState } from "./held-state.ts";
import type { Measure, Series, Values } from "./measure.ts";
import { measuredResources, resourceTitles } from "./measured-resources.ts";
import type { ReplayObserver } from "./replay.ts";

const allocationAt = [100, 130] as const;
const fragmentationAt = 100;

/** What holds once the arrived pods have asked for a given share of the cluster. */
export const atAskMeasures: readonly Measure[] = [
  ...measuredResources.flatMap((resource) =>
    allocationAt.map(
      (percent): Measure => ({
        name: `${resource}AllocationAt${percent}`,
        title: `${resourceTitles[resource]} allocation at ${percent} % asked`,
        unit: "percent",
        better: "higher",
        definition:
          `Allocation ratio of ${resource} when the arrived pods have asked for ${percent} % of its capacity; null when they never do. ` +
          `${askRule}.`,
        primaryEligible: true,
      }),
    ),
  ),
  {
    name: `gpuFragmentationAt${fragmentationAt}`,
    title: `GPU fragmentation at ${fragmentationAt} % asked`,
    unit: "percent",
    better: "lower",
    definition: `gpuFragmentation's ratio when the arrived pods have asked for ${fragmentationAt} % of the GPUs. ${askRule}.`,
    primaryEligible: true,
  },
];

/** The curves against arrived demand, for each resource that the cluster has, and their values at some points. */
export class AtAsk {
  readonly observers: readonly ReplayObserver[];
  readonly #curves: readonly ByAsk[];

  constructor(state: HeldState, allocations: readonly Allocation[], fragmentation: GpuFragmentation) {
    this.#curves = allocations.map(
      (allocation) =>
        new ByAsk(state, allocation.resource, (capacity) => [
          {
            name: `${allocation.resource}AllocationByAsk`,
            title: `${resourceTitles[allocation.resource]} allocation by arrived demand`,
            read: () => allocation.percent,
          },
          ...(allocation.resource === "gpu" && fragmentation.applies
            ? [
                {
                  name: "gpuFragmentationByAsk",
                  title: "GPU fragmentation (percent of idle) by arrived demand",
                  read: () => fragmentation.percentOfIdle,
                },
                {
                  name: "gpuFragmentedByAsk",
                  title: "Fragmented GPU (percent of capacity) by arrived demand",
                  read: () => fragmentation.percentOf(capacity),
                },
              ]
            : []),
        ]),
    );
    this.observers = this.#curves;
  }

  values(): Values {
    const found = new Map<string, ReturnType<ByAsk["at"]>>();
    for (const curve of this.#curves) {
      for (const [i, { name }] of curve.quantities.entries()) {
        const stem = name.replace(/ByAsk$/, "");
        for (const percent of allocationAt) found.set(`${stem}At${percent}`, curve.at(i, percent));
      }
    }
    return Object.fromEntries(atAskMeasures.map(({ name }) => [name, found.get(name) ?? null]));
  }

  series(): Series[] {
    return this.#curves.flatMap((curve) => curve.series());
  }
}
