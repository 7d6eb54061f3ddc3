import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mean, median, nearestRank, quantile, sum } from "./quantile.ts";

const someNumbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 40 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe("quantile", () => {
  it("interpolates as R's type 7 does: quantile(c(15, 20, 35, 40, 50), 0.4) is 29", () => {
    expect(quantile([50, 15, 35, 20, 40], 0.4)).toBeCloseTo(29, 12);
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(median([1, 2, 3, 10])).toBe(2.5);
  });

  it("is the minimum at 0 and the maximum at 1", () => {
    expect(quantile([3, 1, 2], 0)).toBe(1);
    expect(quantile([3, 1, 2], 1)).toBe(3);
  });

  it("refuses no values and holes", () => {
    expect(() => quantile([], 0.5)).toThrow("quantile of no values");
    expect(() => quantile([1, Number.NaN], 0.5)).toThrow("NaN");
    expect(() => quantile([1], 1.5)).toThrow("outside 0..1");
  });

  it("always rises with q and stays within the data", () => {
    fc.assert(
      fc.property(someNumbers, share, share, (values, p, q) => {
        const [low, high] = [quantile(values, Math.min(p, q)), quantile(values, Math.max(p, q))];
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values));
        expect(high).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });
});

describe("nearestRank", () => {
  it("gives values that occurred: percentiles 5, 30, 40, 50 and 100 of 15, 20, 35, 40, 50", () => {
    const ranks = [0.05, 0.3, 0.4, 0.5, 1].map((q) => nearestRank([15, 20, 35, 40, 50], q));
    expect(ranks).toEqual([15, 20, 20, 35, 50]);
  });

  it("is not thrown a rank too far by 0.07 * 100 = 7.000000000000001", () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    for (let percent = 1; percent <= 100; percent++)
      expect(nearestRank(hundred, percent / 100)).toBe(percent);
  });
});

describe("sum and mean", () => {
  it("keep what plain summation loses", () => {
    expect(sum([1, 1e100, 1, -1e100])).toBe(2);
    expect(sum(Array.from({ length: 10 }, () => 0.1))).toBe(1);
    expect(mean([1, 2, 6])).toBe(3);
  });

  it("refuse holes, and the mean of nothing", () => {
    expect(() => sum([1, Number.NaN])).toThrow("value 1 of 2 is NaN");
    expect(() => mean([])).toThrow("mean of no values");
  });
});
