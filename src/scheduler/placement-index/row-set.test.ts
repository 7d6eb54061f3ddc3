import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RowSet } from "./row-set.ts";

/** Sizes around the edges of words and chunks. */
const lengths = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.constantFrom(1023, 1024, 1025, 2048, 3000, 5000),
);

describe("RowSet", () => {
  it("always finds the k-th member from a row on, and counts the members of a range", () => {
    fc.assert(
      fc.property(
        lengths,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (length, density, chance) => {
          const set = new RowSet(length);
          const draw = () => chance.next().value as number;
          const rows = Array.from({ length }, (_, row) => row).filter(() => draw() < density);
          for (const row of rows) set.set(row, true);
          for (const row of rows.splice(0, rows.length >> 2)) set.set(row, false);
          expect(set.size).toBe(rows.length);
          for (let i = 0; i < 20; i++) {
            const from = Math.floor(draw() * length);
            const end = from + Math.floor(draw() * (length - from + 1));
            expect(set.countBetween(from, end)).toBe(rows.filter((row) => row >= from && row < end).length);
            expect(set.has(from)).toBe(rows.includes(from));
            if (rows.length === 0) continue;
            const k = Math.floor(draw() * rows.length);
            const ahead = [...rows.filter((row) => row >= from), ...rows.filter((row) => row < from)];
            expect(set.select(from, k)).toBe(ahead[k]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
