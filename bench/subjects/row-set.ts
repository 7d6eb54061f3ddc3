import { randomKey, uniformInt } from "../../src/base/random.ts";
import { RowSet } from "../../src/scheduler/placement-index/row-set.ts";
import type { Subject } from "../subject.ts";

/** Where a search ends that starts anywhere and wants a tenth of the feasible rows, half of all. */
export const rowSetSelect: Subject = {
  name: "set of rows, select the k-th from a place on",
  unit: "select",
  prepare(size) {
    const rows = size === "full" ? 100_000 : 5000;
    const key = randomKey(42, "rows");
    const set = new RowSet(rows);
    for (let row = 0; row < rows; row++) if (uniformInt(key, row, 0, 2) === 1) set.set(row, true);
    const selects = size === "full" ? 10_000 : 500;
    const from = Int32Array.from({ length: selects }, (_, i) => uniformInt(key, i, 1, rows));
    const wanted = Math.floor(set.size / 10);
    const found = new Int32Array(selects);
    return {
      units: selects,
      run() {
        for (let i = 0; i < selects; i++) found[i] = set.select(from[i], wanted);
        return found;
      },
    };
  },
};
