import { assert } from "../base/assert.ts";
import { drawGenerated } from "./draw-generated.ts";
import { drawList } from "./draw-list.ts";
import { drawPhases } from "./draw-phases.ts";
import type { Scenario } from "./scenario.ts";
import type { Workload } from "./workload.ts";

/**
 * What a seed makes of a workload; the same for every policy, on every machine and for any number of threads. Each
 * purpose has its own key and each pod its own draws, so that one pod's size does not depend on how many others there are.
 */
export function drawScenario(workload: Workload, seed: number): Scenario {
  assert(Number.isSafeInteger(seed) && seed >= 0, `a seed is a whole number from 0, not ${seed}`);
  switch (workload.content.kind) {
    case "generated":
      return drawGenerated(workload.content.spec, seed);
    case "list":
      return drawList(workload.content, seed);
    case "phases":
      return drawPhases(workload.content);
  }
}
