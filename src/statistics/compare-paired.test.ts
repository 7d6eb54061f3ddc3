import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePaired } from "./compare-paired.ts";

describe("comparePaired", () => {
  it("describes an exploratory row without a verdict", () => {
    const baseline = [60, 61, 62, 63, 64, 65];
    const policy = [62, 64, 66, 68, 70, 72];
    expect(comparePaired({ baseline, policy, unit: "points" })).toEqual({
      n: 6,
      deterministic: false,
      baselineMean: 62.5,
      policyMean: 67,
      differences: [2, 3, 4, 5, 6, 7],
      medianDifference: 4.5,
      interval: { low: 2, high: 7, coverage: 0.96875 },
      effectSize: 1,
      phrase: "higher by 2 to 7 points (95 % interval of the median difference)",
      sentence: "higher by 2 to 7 points (95 % interval of the median difference), 6 seeds",
    });
  });

  it("takes twenty copies of one run for one run", () => {
    const copies = {
      baseline: Array.from({ length: 20 }, () => 5),
      policy: Array.from({ length: 20 }, () => 3),
    };
    expect(comparePaired({ ...copies, deterministic: true })).toMatchObject({
      n: 1,
      medianDifference: -2,
      interval: undefined,
      effectSize: undefined,
      sentence: "lower by 2, deterministic, n = 1",
    });
  });

  it("refuses a claim of determinism that the values contradict, and no seeds", () => {
    expect(() => comparePaired({ baseline: [1, 2], policy: [1, 1], deterministic: true })).toThrow(
      "differ between seeds",
    );
    expect(() => comparePaired({ baseline: [], policy: [] })).toThrow("no seeds");
  });

  it("always turns round when baseline and policy change places", () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 6, maxLength: 30 }), (pairs) => {
        const a = pairs.map(([x]) => x);
        const b = pairs.map(([, y]) => y);
        const there = comparePaired({ baseline: a, policy: b });
        const back = comparePaired({ baseline: b, policy: a });
        expect(back.medianDifference + there.medianDifference).toBe(0);
        expect((back.effectSize ?? 0) + (there.effectSize ?? 0)).toBe(0);
        expect((back.interval?.low ?? 0) + (there.interval?.high ?? 0)).toBe(0);
      }),
    );
  });
});
