import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowsByTime } from "./order-by-time.ts";

describe("rows by time", () => {
  it("always orders by time and then by row, leaving out what never happens", () => {
    const time = fc.oneof(
      fc.nat({ max: 5 }),
      fc.double({ min: 0, noNaN: true }),
      fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53),
    );
    fc.assert(
      fc.property(fc.array(time), (times) => {
        const expected = times
          .map((_, row) => row)
          .filter((row) => Number.isFinite(times[row]))
          .sort((a, b) => times[a] - times[b] || a - b);
        expect([...rowsByTime(Float64Array.from(times))]).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
