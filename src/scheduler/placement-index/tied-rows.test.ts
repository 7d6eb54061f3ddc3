import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstInPreOrder } from "../tie-break.ts";
import { ScoreColumn } from "./score-column.ts";
import { TiedRanks } from "./tied-ranks.ts";
import { firstTiedRank } from "./tied-rows.ts";

describe("the first tied rank in pre-order", () => {
  it("is found for every set of ties in up to nine rows", () => {
    const bits = new TiedRanks();
    for (let found = 1; found <= 9; found++) {
      for (let set = 1; set < 1 << found; set++) {
        const ranks = Array.from({ length: found }, (_, rank) => rank).filter((rank) => (set >> rank) & 1);
        const column = new ScoreColumn(found + 2, 1);
        for (let rank = 0; rank < found; rank++) column.set((rank + 5) % (found + 2), (set >> rank) & 1);
        const window = { start: 5 % (found + 2), length: found + 2, found, looked: found };
        const expected = firstInPreOrder(Int32Array.from(ranks), ranks.length);
        expect(firstTiedRank(column, 1, window)).toBe(expected);
        bits.clear(window);
        bits.add(column, 1, window);
        expect(bits.first()).toBe(expected);
      }
    }
  });

  it("is always found, in one column or in several", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 2047 }),
        fc.integer({ min: 1, max: 3 }),
        fc.double({ min: 0.02, max: 0.9, noNaN: true }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (length, count, density, chance) => {
          const draw = () => chance.next().value as number;
          const found = 2 + Math.floor(draw() * (length - 1));
          const start = Math.floor(draw() * length);
          const columns = Array.from({ length: count }, () => new ScoreColumn(length, 1));
          const ranks: number[] = [];
          for (let rank = 0; rank < length; rank++) {
            const own = Math.floor(draw() * count);
            const tied = rank < found && draw() < density;
            // Outside of the window a row may have any score.
            const score = tied ? 50 + own : rank < found ? Math.floor(draw() * 50) : Math.floor(draw() * 100);
            columns[own].set((start + rank) % length, score);
            if (tied) ranks.push(rank);
          }
          fc.pre(ranks.length > 0);
          const expected = firstInPreOrder(Int32Array.from(ranks), ranks.length);
          const window = { start, length, found, looked: found };
          if (count === 1) expect(firstTiedRank(columns[0], 50, window)).toBe(expected);
          const bits = new TiedRanks();
          bits.clear(window);
          columns.forEach((column, own) => {
            bits.add(column, 50 + own, window);
          });
          expect(bits.first()).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});
