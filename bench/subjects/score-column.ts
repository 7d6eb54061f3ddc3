import { randomKey, uniformInt } from "../../src/base/random.ts";
import { type Best, ScoreColumn } from "../../src/scheduler/placement-index/score-column.ts";
import type { Subject } from "../subject.ts";

const SCORES = 100;

/** A placement lowers one score, and the next one asks for the best of a window: scores go there and back, so that each run is the same. */
export const scoreColumn: Subject = {
  name: "score column, set, best of a window, set back",
  unit: "placement",
  prepare(size) {
    const rows = size === "full" ? 5000 : 500;
    const steps = size === "full" ? 10_000 : 500;
    const key = randomKey(42, "scores");
    const column = new ScoreColumn(rows, 1);
    for (let row = 0; row < rows; row++) column.set(row, uniformInt(key, row, 0, SCORES));
    const row = Int32Array.from({ length: steps }, (_, step) => uniformInt(key, step, 1, rows));
    const score = Int32Array.from({ length: steps }, (_, step) => uniformInt(key, step, 2, SCORES));
    const before = new Int32Array(steps);
    const found = new Int32Array(3 * steps);
    const window = rows >> 1;
    return {
      units: steps,
      run() {
        for (let step = 0; step < steps; step++) {
          before[step] = column.scores[row[step]];
          column.set(row[step], score[step]);
          const best: Best = { score: -1, tied: 0, first: -1 };
          const from = row[step];
          column.best(from, Math.min(rows, from + window), best);
          column.best(0, Math.max(0, from + window - rows), best);
          found[3 * step] = best.score;
          found[3 * step + 1] = best.tied;
          found[3 * step + 2] = best.first;
        }
        for (let step = steps - 1; step >= 0; step--) column.set(row[step], before[step]);
        return found;
      },
    };
  },
};
