import { InvariantViolation } from "../src/base/errors.ts";
import type { Cycle, Plugin } from "../src/scheduler/plugin.ts";
import type { Selection } from "../src/scheduler/selection.ts";
import type { Prepared } from "./subject.ts";

/** A run narrows a copy of all nodes; its result are the survivors. */
export function filterRuns(plugin: Plugin, cycle: Cycle, nodes: Selection): Prepared {
  const chunk: Selection = { rows: new Uint32Array(nodes.length), length: 0 };
  return {
    units: nodes.length,
    run() {
      chunk.rows.set(nodes.rows);
      chunk.length = nodes.length;
      const filter = plugin.filter?.(cycle);
      if (filter === undefined) throw new InvariantViolation(`${plugin.name} does not filter for this pod`);
      filter(chunk);
      return chunk.rows.subarray(0, chunk.length);
    },
  };
}
