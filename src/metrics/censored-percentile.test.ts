import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { censoredPercentile } from "./censored-percentile.ts";

const of = (...values: number[]) => Float64Array.from(values).sort();

describe("the censored percentile", () => {
  it("is the nearest rank when every wait has ended", () => {
    expect(censoredPercentile(of(10, 20, 30, 40), of(), 50)).toEqual({ value: 20, atLeast: false });
    expect(censoredPercentile(of(10, 20, 30, 40), of(), 51)).toEqual({ value: 30, atLeast: false });
    const hundred = Float64Array.from({ length: 100 }, (_, i) => i + 1);
    expect(censoredPercentile(hundred, of(), 7)?.value).toBe(7);
  });

  it("counts those who still wait, and says at least when the rank falls among them", () => {
    expect(censoredPercentile(of(10, 20), of(5, 90), 50)).toEqual({ value: 20, atLeast: false });
    expect(censoredPercentile(of(10, 20), of(5, 90), 75)).toEqual({ value: 20, atLeast: true });
    expect(censoredPercentile(of(10, 20), of(5, 90), 99)).toEqual({ value: 90, atLeast: true });
  });

  it("is null when nobody waited", () => {
    expect(censoredPercentile(of(), of(), 50)).toBeNull();
  });

  it("never lies below the percentile that dropping the censored waits would give", () => {
    const waits = fc.array(fc.nat(), { minLength: 1 });
    fc.assert(
      fc.property(waits, fc.array(fc.nat()), fc.integer({ min: 1, max: 100 }), (ended, censored, percent) => {
        const dropped = censoredPercentile(of(...ended), of(), percent);
        const kept = censoredPercentile(of(...ended), of(...censored), percent);
        expect(kept?.value).toBeGreaterThanOrEqual(dropped?.value ?? Number.NaN);
      }),
    );
  });
});
