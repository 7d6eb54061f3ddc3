import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrapRatioOfMedians } from "./bootstrap-ratio-of-medians.ts";

const rounds = [101, 99, 103, 97, 100, 98, 102, 100, 104, 96];
const options = { resamples: 1000 };

describe("bootstrapRatioOfMedians", () => {
  it("is exact when every round of b is a quarter faster: paired rounds share their disturbances", () => {
    const result = bootstrapRatioOfMedians(
      rounds,
      rounds.map((r) => r * 1.25),
      options,
    );
    expect(result).toEqual({ ratio: 1.25, interval: { low: 1.25, high: 1.25 } });
  });

  it("finds the percentiles that exact enumeration of all resamples of six rounds gives", () => {
    // Against a constant 1, the ratio is the median of six draws with replacement from 1..6.
    const b = [1, 2, 3, 4, 5, 6];
    const medians: number[] = [];
    for (let code = 0; code < 6 ** 6; code++) {
      const draw = Array.from({ length: 6 }, (_, i) => 1 + (Math.floor(code / 6 ** i) % 6)).sort(
        (x, y) => x - y,
      );
      medians.push((draw[2] + draw[3]) / 2);
    }
    medians.sort((x, y) => x - y);
    const { interval } = bootstrapRatioOfMedians([1, 1, 1, 1, 1, 1], b);
    expect(interval).toEqual({
      low: medians[Math.round(0.025 * 6 ** 6)],
      high: medians[Math.round(0.975 * 6 ** 6)],
    });
  });

  it("repeats for a seed, and differs little for another", () => {
    const b = rounds.map((r, i) => r * (1 + (i % 3) / 10));
    const first = bootstrapRatioOfMedians(rounds, b, { seed: 1 });
    expect(bootstrapRatioOfMedians(rounds, b, { seed: 1 })).toEqual(first);
    const second = bootstrapRatioOfMedians(rounds, b, { seed: 2 });
    expect(Math.abs((second.interval?.low ?? 0) - (first.interval?.low ?? 9))).toBeLessThan(0.02);
  });

  it("gives no interval from too few rounds, and refuses speeds that are none", () => {
    expect(bootstrapRatioOfMedians([1, 2, 3], [2, 4, 6])).toEqual({ ratio: 2, interval: undefined });
    expect(() => bootstrapRatioOfMedians([1, 0], [1, 1])).toThrow("round 1 is not of finite speeds above 0");
    expect(() => bootstrapRatioOfMedians([1], [1, 1])).toThrow("not paired");
  });

  it("always stays within the data's own extremes", () => {
    const speed = fc.integer({ min: 1, max: 100 });
    const pairs = fc.array(fc.tuple(speed, speed), { minLength: 6, maxLength: 15 });
    fc.assert(
      fc.property(pairs, fc.integer(), (both, seed) => {
        const a = both.map(([x]) => x);
        const b = both.map(([, y]) => y);
        const { interval } = bootstrapRatioOfMedians(a, b, { resamples: 200, seed });
        expect(interval?.low).toBeGreaterThanOrEqual(Math.min(...b) / Math.max(...a));
        expect(interval?.high).toBeLessThanOrEqual(Math.max(...b) / Math.min(...a));
      }),
      { numRuns: 50 },
    );
  });
});
