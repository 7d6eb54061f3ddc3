import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { signedRank } from "./signed-rank.ts";

/** Darwin's cross- and self-fertilised maize, eighths of an inch; Fisher, "The Design of Experiments" (1935). */
const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

/** The p-value by its definition: every choice of signs, written out. */
function byEnumeration(differences: readonly number[]): number {
  const magnitudes = differences.filter((d) => d !== 0).map(Math.abs);
  const n = magnitudes.length;
  const rank = magnitudes.map(
    (m) => magnitudes.filter((o) => o < m).length + (magnitudes.filter((o) => o === m).length + 1) / 2,
  );
  const middle = (n * (n + 1)) / 4;
  const nonZero = differences.filter((d) => d !== 0);
  const observed = Math.abs(nonZero.reduce((s, d, i) => s + (d > 0 ? rank[i] : 0), 0) - middle);
  let asFar = 0;
  for (let signs = 0; signs < 2 ** n; signs++) {
    const w = rank.reduce((s, r, i) => s + ((signs >> i) & 1 ? r : 0), 0);
    if (Math.abs(w - middle) >= observed) asFar++;
  }
  return asFar / 2 ** n;
}

const withTies = fc.array(fc.integer({ min: -6, max: 6 }), { maxLength: 10 });

describe("signedRank", () => {
  it("gives the p-value of SciPy's documented example, Darwin's maize", () => {
    expect(signedRank(darwin)).toEqual({
      n: 15,
      zeros: 0,
      positiveRankSum: 96,
      negativeRankSum: 24,
      p: 0.041259765625,
    });
  });

  it("gives V = 40 and p = 0.039 for Hollander and Wolfe's depression scores (R, ?wilcox.test)", () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const result = signedRank(before.map((b, i) => b - after[i]));
    expect(result.positiveRankSum).toBe(40);
    expect(result.p).toBe(20 / 512);
  });

  it("has the critical values of the two-sided 5 % table (Wilcoxon and Wilcox 1964), n = 6 to 25", () => {
    const table = [0, 2, 3, 5, 8, 10, 13, 17, 21, 25, 29, 34, 40, 46, 52, 58, 65, 73, 81, 89];
    table.forEach((critical, i) => {
      expect(signedRank(withNegativeRankSum(i + 6, critical)).p).toBeLessThanOrEqual(0.05);
      expect(signedRank(withNegativeRankSum(i + 6, critical + 1)).p).toBeGreaterThan(0.05);
    });
  });

  it("is 2/2^n when every difference has one sign, and 1 without any difference", () => {
    expect(signedRank([1, 2, 3, 4, 5, 6]).p).toBe(2 / 64);
    expect(signedRank([5, 5, 5, 5, 5, 5]).p).toBe(2 / 64);
    expect(signedRank([0, 0, 0])).toMatchObject({ n: 0, zeros: 3, p: 1 });
    expect(signedRank([]).p).toBe(1);
  });

  it("drops zeros and reports what remains", () => {
    expect(signedRank([0, ...darwin, 0])).toEqual({ ...signedRank(darwin), zeros: 2 });
  });

  it("never gives 0, and handles several hundred pairs", () => {
    const many = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? -1 : 1) * (i + 1));
    expect(signedRank(many).p).toBeGreaterThan(0);
    expect(signedRank(many).p).toBeLessThan(1e-6);
    const one = Array.from({ length: 1100 }, () => 1);
    expect(signedRank(one).p).toBe(Number.MIN_VALUE);
  });

  it("agrees with the normal approximation where that is good: 200 untied pairs", () => {
    // Mean n(n + 1)/4 = 10050; variance n(n + 1)(2n + 1)/24 = 671675; 1.96 deviations below: 8443.7.
    expect(Math.abs(signedRank(withNegativeRankSum(200, 8443)).p - 0.05)).toBeLessThan(0.0005);
  });

  it("always equals full enumeration, with ties and zeros", () => {
    fc.assert(
      fc.property(withTies, (differences) => {
        expect(signedRank(differences).p).toBe(byEnumeration(differences));
      }),
    );
  });

  it("equals full enumeration for 12 pairs", () => {
    const twelve = [3, -1, 4, 1, -5, 9, 2, 6, -5, 3, 5, 8];
    expect(signedRank(twelve).p).toBe(byEnumeration(twelve));
  });

  it("always lies in (0, 1], is blind to the sign, scale and order of the differences", () => {
    const anything = fc.array(fc.integer({ min: -100, max: 100 }), { maxLength: 60 });
    fc.assert(
      fc.property(anything, fc.integer({ min: 1, max: 50 }), (differences, factor) => {
        const { p } = signedRank(differences);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(signedRank(differences.map((d) => -d)).p).toBe(p);
        expect(signedRank(differences.map((d) => d * factor)).p).toBe(p);
        expect(signedRank(differences.toReversed()).p).toBe(p);
      }),
    );
  });

  it("never rejects a true null more often than it says, whatever the ties", () => {
    for (const magnitudes of [
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
      [1, 1, 1, 2, 2, 5, 5, 5, 9],
      [1, 1, 1, 1, 1, 1, 1, 1, 1],
    ]) {
      const n = magnitudes.length;
      const pValues = Array.from({ length: 2 ** n }, (_, signs) => {
        return signedRank(magnitudes.map((m, i) => ((signs >> i) & 1 ? m : -m))).p;
      });
      for (const alpha of [0.01, 0.05, 0.1, 0.5]) {
        expect(pValues.filter((p) => p <= alpha).length / pValues.length).toBeLessThanOrEqual(alpha);
      }
    }
  });
});

/** 1..n with signs such that the negative ranks sum to `total`, largest first. */
function withNegativeRankSum(n: number, total: number): number[] {
  let left = total;
  const differences: number[] = [];
  for (let rank = n; rank >= 1; rank--) {
    const negative = rank <= left;
    if (negative) left -= rank;
    differences.push(negative ? -rank : rank);
  }
  expect(left).toBe(0);
  return differences;
}
