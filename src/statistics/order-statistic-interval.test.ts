import fc from "fast-check";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { medianInterval } from "./order-statistic-interval.ts";
import { median } from "./quantile.ts";

const ranks = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe("medianInterval", () => {
  it("takes the ranks and levels of the published table for 95 %", () => {
    // Conover, "Practical Nonparametric Statistics" (1999), binomial table: 1 - 2 P(X < low) for p = 1/2.
    expect(medianInterval(ranks(6))).toEqual({ low: 1, high: 6, coverage: 1 - 2 / 64 });
    expect(medianInterval(ranks(10))).toEqual({ low: 2, high: 9, coverage: 1 - 22 / 1024 });
    expect(medianInterval(ranks(15))).toMatchObject({ low: 4, high: 12 });
    expect(medianInterval(ranks(20))).toMatchObject({ low: 6, high: 15 });
    expect(medianInterval(ranks(20))?.coverage).toBeCloseTo(0.9586, 4);
  });

  it("is undefined where the confidence cannot be reached", () => {
    expect(medianInterval([1, 2, 3, 4, 5])).toBeUndefined();
    expect(medianInterval([])).toBeUndefined();
    expect(medianInterval(ranks(7), 0.99)).toBeUndefined();
    expect(medianInterval(ranks(8), 0.99)).toBeDefined();
  });

  it("is not stretched by one wild value", () => {
    expect(medianInterval([...ranks(19), 1e9])).toMatchObject({ low: 6, high: 15 });
  });

  it("covers the true median of skewed data as often as it says", () => {
    const random = xoroshiro128plus(7);
    const n = 15;
    const truth = Math.log(2);
    let covered = 0;
    let coverage = 0;
    const repeats = 4000;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const waits = ranks(n).map(() => -Math.log((uniformInt(random, 0, 999_999) + 0.5) / 1e6));
      const interval = medianInterval(waits);
      if (interval === undefined) continue;
      coverage = interval.coverage;
      if (interval.low <= truth && truth <= interval.high) covered++;
    }
    const standardError = Math.sqrt((coverage * (1 - coverage)) / repeats);
    expect(Math.abs(covered / repeats - coverage)).toBeLessThan(3 * standardError);
  });

  it("always holds the sample median, and reaches the confidence", () => {
    const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.5, max: 0.99, noNaN: true }), (sample, confidence) => {
        const interval = medianInterval(sample, confidence);
        fc.pre(interval !== undefined);
        expect(interval.low).toBeLessThanOrEqual(median(sample));
        expect(interval.high).toBeGreaterThanOrEqual(median(sample));
        expect(interval.coverage).toBeGreaterThanOrEqual(confidence - 1e-12);
      }),
    );
  });
});
