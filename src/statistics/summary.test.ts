import { describe, expect, it } from "vitest";
import { summary } from "./summary.ts";

describe("summary", () => {
  it("describes 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares 32", () => {
    const { sd, p10, p90, ...rest } = summary([9, 2, 4, 5, 4, 7, 4, 5]);
    expect(rest).toEqual({
      n: 8,
      min: 2,
      median: 4.5,
      max: 9,
      mean: 5,
      // Order statistics 1 and 8: P(X = 0) is 1/256 on either side; 2 and 7 would reach 93 % only.
      interval: { low: 2, high: 9, coverage: 1 - 2 / 256 },
    });
    expect(sd).toBeCloseTo(Math.sqrt(32 / 7), 12);
    // Type 7: positions 0.7 and 6.3 of 0..7.
    expect(p10).toBeCloseTo(3.4, 12);
    expect(p90).toBeCloseTo(7.6, 12);
  });

  it("keeps a small spread beside a large mean", () => {
    expect(summary([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]).sd).toBeCloseTo(Math.sqrt(30), 12);
  });

  it("has no spread and no interval for one sample", () => {
    expect(summary([3])).toMatchObject({ n: 1, median: 3, sd: undefined, interval: undefined });
    expect(() => summary([])).toThrow("mean of no values");
  });
});
