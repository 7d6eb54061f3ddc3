import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { minimumDetectableDifference } from "./noise-floor.ts";
import { medianInterval } from "./order-statistic-interval.ts";

describe("minimumDetectableDifference", () => {
  it("counts off the noise: -9.5 .. 9.5 in steps of 1", () => {
    // n = 20: the interval runs from the 6th to the 15th, -4.5 to 4.5. It excludes 0 with at most 5 of 20 on the
    // far side: P(binomial(20, s) >= 15) is 0.804 at s = 16/20 (0.617 at 15/20). The
    // fifth smallest noise is -5.5: a shift beyond 5.5 brings 16 of 20 to the right side.
    const noise = Array.from({ length: 20 }, (_, i) => i - 9.5);
    expect(minimumDetectableDifference(noise)).toEqual({
      n: 20,
      halfWidth: 4.5,
      detectable: 5.5,
      power: 0.8,
    });
  });

  it("looks at the noise about the median, not at the median", () => {
    const noise = Array.from({ length: 20 }, (_, i) => i - 9.5);
    expect(minimumDetectableDifference(noise.map((d) => d + 1000))).toEqual(
      minimumDetectableDifference(noise),
    );
  });

  it("is undefined with too few pairs, and 0 without noise", () => {
    expect(minimumDetectableDifference([1, 2, 3, 4, 5])).toBeUndefined();
    expect(minimumDetectableDifference([0, 0, 0, 0, 0, 0, 0])).toMatchObject({ halfWidth: 0, detectable: 0 });
  });

  it("always grows with the noise, and a shift beyond the half-width is always seen in the same noise", () => {
    const differences = fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 7, maxLength: 41 });
    fc.assert(
      fc.property(differences, (sample) => {
        const floor = minimumDetectableDifference(sample);
        const doubled = minimumDetectableDifference(sample.map((d) => 2 * d));
        expect(doubled?.detectable).toBe(2 * (floor?.detectable ?? Number.NaN));
        const middle = sample.toSorted((a, b) => a - b);
        const centre = (middle[(sample.length - 1) >> 1] + middle[sample.length >> 1]) / 2;
        const shifted = sample.map((d) => d - centre + (floor?.halfWidth ?? 0) + 0.5);
        expect(medianInterval(shifted)?.low).toBeGreaterThan(0);
      }),
    );
  });
});
