import { randomKey, uniformInt } from "../../src/base/random.ts";
import { breakTie } from "../../src/scheduler/tie-break.ts";
import type { Subject } from "../subject.ts";

export const tieBreak: Subject = {
  name: "tie rule upstream, half of the nodes tied",
  unit: "tied node",
  prepare(size) {
    const nodes = size === "full" ? 5000 : 500;
    const key = randomKey(42, "tied");
    const tied = Array.from({ length: nodes }, (_, rank) => rank).filter(
      (rank) => uniformInt(key, rank, 0, 2) === 1,
    );
    const ranks = Int32Array.from(tied);
    const rows = Uint32Array.from({ length: nodes }, (_, rank) => rank);
    const tie = { ranks, rows, positions: rows, pod: 7, attempt: 1 };
    const chosen = new Int32Array(10);
    return {
      units: chosen.length * tied.length,
      run() {
        for (let i = 0; i < chosen.length; i++) {
          chosen[i] = breakTie("upstream", { ...tie, count: tied.length - i }, 42);
        }
        return chosen;
      },
    };
  },
};
