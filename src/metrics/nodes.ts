import { assert } from "../base/assert.ts";
import type { HeldState } from "./held-state.ts";
import type { Measure, Values } from "./measure.ts";
import { resourceIndex } from "./measured-resources.ts";
import type { ReplayObserver } from "./replay.ts";

/** How many nodes it takes, and what would still fit. */
export const nodeMeasures: readonly Measure[] = [
  {
    name: "nodesUsed",
    title: "Nodes used at the end",
    unit: "nodes",
    better: "lower",
    definition: "Nodes present that hold at least one pod when the run ends.",
    primaryEligible: true,
  },
  {
    name: "nodesEmpty",
    title: "Nodes empty at the end",
    unit: "nodes",
    better: "higher",
    definition: "Nodes present that hold no pod when the run ends.",
    primaryEligible: true,
  },
  {
    name: "nodesUsedPeak",
    title: "Most nodes used at once",
    unit: "nodes",
    better: "lower",
    definition: "The largest number of nodes that held at least one pod at the same time.",
    primaryEligible: true,
  },
  {
    name: "largestPlaceablePod",
    title: "Largest placeable pod",
    unit: "cores",
    better: "higher",
    definition:
      "The largest CPU request that would still fit on some node when the run ends: max over nodes of free CPU.",
    primaryEligible: true,
  },
];

export class NodeUse implements ReplayObserver {
  readonly #state: HeldState;
  #peak = 0;

  constructor(state: HeldState) {
    this.#state = state;
  }

  nodeChanged(): void {
    this.#peak = Math.max(this.#peak, this.#state.nodesUsed);
  }

  values(): Values {
    const state = this.#state;
    return {
      nodesUsed: state.nodesUsed,
      nodesEmpty: state.nodesPresent - state.nodesUsed,
      nodesUsedPeak: this.#peak,
      largestPlaceablePod: largestFreeCpu(state),
    };
  }
}

function largestFreeCpu(state: HeldState): number | null {
  const { trace, held, present } = state;
  const cpu = resourceIndex(trace, "cpu");
  if (cpu < 0 || state.nodesPresent === 0) return null;
  assert(trace.resources[cpu].unit === "milli", "cpu is counted in thousandths of a core");
  let largest = 0;
  for (let node = 0; node < present.length; node++) {
    if (present[node] === 0) continue;
    largest = Math.max(largest, trace.nodes.allocatable[cpu][node] - held[cpu][node]);
  }
  return largest / 1000;
}
