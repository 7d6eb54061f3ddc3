import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holm } from "./holm.ts";

describe("holm", () => {
  it("steps down: 0.005 x 4, 0.01 x 3, 0.03 x 2, and 0.04 not below its predecessor", () => {
    const expected = [0.03, 0.06, 0.06, 0.02];
    for (const [i, p] of holm([0.01, 0.04, 0.03, 0.005]).entries()) expect(p).toBeCloseTo(expected[i], 12);
  });

  it("leaves a single p alone, and none none", () => {
    expect(holm([0.2])).toEqual([0.2]);
    expect(holm([])).toEqual([]);
  });

  it("refuses what is no p-value", () => {
    expect(() => holm([Number.NaN])).toThrow("p-value outside 0..1 (NaN)");
  });

  it("always lies between the raw p and Bonferroni's, and keeps the order", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (pValues) => {
        const adjusted = holm(pValues);
        pValues.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * pValues.length));
          pValues.forEach((other, j) => {
            if (p <= other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]);
          });
        });
      }),
    );
  });
});
