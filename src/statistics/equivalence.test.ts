import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialLowerTail } from "./binomial.ts";
import { equivalence } from "./equivalence.ts";
import { medianInterval } from "./order-statistic-interval.ts";

describe("equivalence", () => {
  it("counts: of ten differences one is at or beyond +2, none at or below -2", () => {
    const result = equivalence([-1, 0, 0, 1, 1, -1, 0.5, 1.5, 2, -0.5], 2);
    expect(result).toEqual({ pLower: 1 / 1024, pUpper: 11 / 1024, p: 11 / 1024 });
  });

  it("needs five pairs for 5 %, and does not take few data for sameness", () => {
    expect(equivalence([0, 0, 0, 0], 1).p).toBe(1 / 16);
    expect(equivalence([0, 0, 0, 0, 0], 1).p).toBe(1 / 32);
  });

  it("refuses a margin that is not above 0", () => {
    expect(() => equivalence([1], 0)).toThrow("equivalence margin is 0");
  });

  it("never exceeds its level when the median lies on the margin, all counts written out", () => {
    // Median of a difference exactly at +1: inside with chance 1/2 each. Rejection depends on the count only.
    const n = 12;
    const tail = binomialLowerTail(n);
    for (const alpha of [0.01, 0.05, 0.1]) {
      let chance = 0;
      for (let outside = 0; outside <= n; outside++) {
        const differences = Array.from({ length: n }, (_, i) => (i < outside ? 2 : 0));
        if (equivalence(differences, 1).p <= alpha)
          chance += tail[outside] - (outside === 0 ? 0 : tail[outside - 1]);
      }
      expect(chance).toBeLessThanOrEqual(alpha);
    }
  });

  it("always agrees with the interval of confidence 1 - 2 alpha", () => {
    const differences = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 5, maxLength: 40 });
    fc.assert(
      fc.property(differences, fc.integer({ min: 1, max: 5 }), (sample, margin) => {
        const interval = medianInterval(sample, 0.9);
        const inside = interval !== undefined && interval.low > -margin && interval.high < margin;
        expect(equivalence(sample, margin).p <= 0.05).toBe(inside);
      }),
    );
  });
});
