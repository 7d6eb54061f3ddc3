import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Distribution, quantile, weightedChoice } from "./distribution.ts";

const laws: readonly Distribution[] = [
  { distribution: "constant", value: 7 },
  { distribution: "uniform", min: 2, max: 6 },
  { distribution: "exponential", mean: 3 },
  { distribution: "lognormal", median: 10, sigma: 1 },
  { distribution: "pareto", scale: 1, shape: 2 },
  { distribution: "weibull", scale: 5, shape: 2 },
  { distribution: "empirical", values: [1, 2, 4], weights: [1, 2, 1] },
];

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("a distribution", () => {
  it("has its textbook median", () => {
    expect(laws.map((law) => quantile(law, 0.5))).toEqual([
      7,
      4,
      expect.closeTo(3 * Math.log(2), 9),
      expect.closeTo(10, 9),
      expect.closeTo(Math.SQRT2, 9),
      expect.closeTo(5 * Math.sqrt(Math.log(2)), 9),
      2,
    ]);
  });

  it("has the quantiles of the normal distribution in its tails", () => {
    const law: Distribution = { distribution: "lognormal", median: 1, sigma: 1 };
    expect(Math.log(quantile(law, 0.975))).toBeCloseTo(1.959963985, 7);
    expect(Math.log(quantile(law, 0.001))).toBeCloseTo(-3.090232306, 7);
  });

  it("rounds up to its grid and stays on it", () => {
    expect(quantile({ distribution: "uniform", min: 1, max: 1, grid: 50 }, 0)).toBe(50);
    expect(quantile({ distribution: "uniform", min: 100, max: 100, grid: 50 }, 0)).toBe(100);
    expect(quantile({ distribution: "uniform", min: 101, max: 101, grid: 50 }, 0)).toBe(150);
  });

  it("always grows with the share, is finite, and never leaves its bounds", () => {
    fc.assert(
      fc.property(fc.constantFrom(...laws), share, share, (law, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        expect(quantile(law, low)).toBeLessThanOrEqual(quantile(law, high));
        expect(Number.isFinite(quantile(law, high))).toBe(true);
        const clamped = quantile({ ...law, min: 2, max: 3 }, high);
        expect(clamped).toBeGreaterThanOrEqual(2);
        expect(clamped).toBeLessThanOrEqual(3);
      }),
    );
  });

  it("never chooses a weight of zero", () => {
    fc.assert(
      fc.property(share, (u) => {
        expect([1, 3]).toContain(weightedChoice([0, 2, 0, 1, 0], u));
      }),
    );
  });
});
