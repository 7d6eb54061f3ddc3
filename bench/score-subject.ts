import { InvariantViolation } from "../src/base/errors.ts";
import type { Cycle, Plugin } from "../src/scheduler/plugin.ts";
import { pluginScore } from "../src/scheduler/plugin-score.ts";
import type { Selection } from "../src/scheduler/selection.ts";
import type { Prepared } from "./subject.ts";

/** A run scores and normalises all nodes. */
export function scoreRuns(plugin: Plugin, cycle: Cycle, nodes: Selection): Prepared {
  const scores = new Int32Array(nodes.length);
  return {
    units: nodes.length,
    run() {
      const scoring = pluginScore(plugin, cycle);
      if (scoring === undefined) throw new InvariantViolation(`${plugin.name} does not score this pod`);
      scoring.score(nodes, scores);
      scoring.normalizeScore?.(scores, nodes);
      return scores;
    },
  };
}
