import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Best, rejectedBy, ScoreColumn } from "./score-column.ts";

const lengths = fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constantFrom(4095, 4096, 4097, 9000));

describe("ScoreColumn", () => {
  it("always tells the greatest score of a range, how many rows have it, which is first, and their ranks", () => {
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 1, max: 6 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (length, scores, chance) => {
          const column = new ScoreColumn(length, 3);
          const plain = Array.from({ length }, () => rejectedBy(0));
          const draw = (below: number) => Math.floor((chance.next().value as number) * below);
          for (let step = 0; step < 3 * length; step++) {
            const row = draw(length);
            const score = draw(4) === 0 ? rejectedBy(draw(3)) : draw(scores);
            column.set(row, score);
            plain[row] = score;
          }
          for (let plugin = 0; plugin < 3; plugin++) {
            expect(column.rejections(plugin)).toBe(
              plain.filter((score) => score === rejectedBy(plugin)).length,
            );
          }
          for (let i = 0; i < 20; i++) {
            const from = draw(length);
            const end = from + draw(length - from + 1);
            expectBest(column, plain, from, end);
          }
          expectBest(column, plain, 0, length);
        },
      ),
      { numRuns: 40 },
    );
  });
});

function expectBest(column: ScoreColumn, plain: readonly number[], from: number, end: number): void {
  const part = plain.slice(from, end);
  const score = Math.max(-1, ...part);
  const best: Best = { score: -1, tied: 0, first: -1 };
  column.best(from, end, best);
  const tied = score < 0 ? 0 : part.filter((value) => value === score).length;
  expect(best).toEqual({ score, tied, first: tied === 0 ? -1 : from + part.indexOf(score) });
  if (tied === 0) return;
  expect(column.has(score, from, end)).toBe(true);
  expect(column.has(score + 1, from, end)).toBe(false);
  const ranks = new Int32Array(plain.length);
  const count = column.ranks(score, from, end, 7, ranks, 0);
  const feasible = part.filter((value) => value >= 0);
  expect([...ranks.subarray(0, count)]).toEqual(
    feasible.flatMap((value, rank) => (value === score ? [rank + 7] : [])),
  );
}
