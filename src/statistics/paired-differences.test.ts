import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pairedDifferences } from "./paired-differences.ts";

describe("pairedDifferences", () => {
  it("subtracts the baseline and sees through the dust of doubles", () => {
    expect(pairedDifferences([0.2, 0.1, 0.3], [0.3, 0.2, 0.1 + 0.2])).toEqual([0.1, 0.1, 0]);
  });

  it("keeps thirteen digits, at any scale", () => {
    expect(pairedDifferences([1_000_000], [1_000_000.000_001])).toEqual([0.000001]);
    expect(pairedDifferences([1e15], [1.001e15])).toEqual([1e12]);
    expect(pairedDifferences([1e-9], [3e-9])).toEqual([2e-9]);
  });

  it("refuses lists that are not paired, and holes", () => {
    expect(() => pairedDifferences([1, 2], [1])).toThrow("not paired (2 and 1 values)");
    expect(() => pairedDifferences([Number.NaN], [1])).toThrow("pair 0");
  });

  it("always changes sign when baseline and policy change places, and is never -0", () => {
    const pairs = fc.array(
      fc.tuple(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      ),
    );
    fc.assert(
      fc.property(pairs, (rows) => {
        const a = rows.map(([x]) => x);
        const b = rows.map(([, y]) => y);
        const there = pairedDifferences(a, b);
        expect(pairedDifferences(b, a)).toEqual(there.map((d) => 0 - d));
        expect(there.some((d) => Object.is(d, -0))).toBe(false);
      }),
    );
  });
});
