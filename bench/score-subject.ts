import type { Cycle, Plugin } from "../src/scheduler/plugin.ts";
import type { Selection } from "../src/scheduler/selection.ts";
import type { Prepared } from "./subject.ts";

/** A run scores and normalises all nodes. */
export function scoreRuns(plugin: Plugin, cycle: Cycle, nodes: Selection): Prepared {
  const scores = new Int32Array(nodes.length);
  return {
    units: nodes.length,
    run() {
      plugin.score?.(cycle)?.(nodes, scores);
      plugin.normalizeScore?.(scores, nodes);
      return scores;
    },
  };
}
