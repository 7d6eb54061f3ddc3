import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTable, type PrimaryRow } from "./compare-table.ts";

const seeds = (n: number, value: (i: number) => number) => Array.from({ length: n }, (_, i) => value(i));
const zero = seeds(20, () => 0);
const clear: PrimaryRow = {
  baseline: zero,
  policy: seeds(20, (i) => 1 + i / 10),
  better: "higher",
  unit: "points",
};
const mixed: PrimaryRow = {
  baseline: zero,
  policy: seeds(20, (i) => (i % 2 === 0 ? 1 : -1) * (i + 1)),
  better: "lower",
};

describe("compareTable", () => {
  it("judges a clear row in plain words", () => {
    // All 20 differences above 0: p = 2/2^20, doubled by Holm over two rows; interval from the 6th to the 15th of 20.
    const [row] = compareTable([clear, mixed]);
    expect(row).toMatchObject({ verdict: "better", n: 20, effectSize: 1, p: 2 ** -19, pAdjusted: 2 ** -18 });
    expect(row.interval).toMatchObject({ low: 1.5, high: 2.4 });
    expect(row.sentence).toBe(
      "higher by 1.5 to 2.4 points (95 % interval of the median difference), p < 0.0001 after Holm, 20 seeds",
    );
  });

  it("counts rows against each other: one p of 2/64 is a verdict alone and none beside another", () => {
    const six: PrimaryRow = { baseline: seeds(6, () => 0), policy: seeds(6, (i) => i + 1), better: "higher" };
    expect(compareTable([six])[0].verdict).toBe("better");
    const [first] = compareTable([six, six]);
    expect(first).toMatchObject({ verdict: "no difference shown", pAdjusted: 0.0625, seedsNeeded: 7 });
    expect(first.sentence).toBe(
      "higher by 1 to 6 (95 % interval of the median difference), p = 0.063 after Holm, 6 seeds; " +
        "so few cannot reach p = 0.05 in a table of 2 rows, 7 can",
    );
  });

  it("does not blame the seeds when there were enough", () => {
    expect(compareTable([mixed])[0]).toMatchObject({
      verdict: "no difference shown",
      seedsNeeded: undefined,
    });
  });

  it("shows equivalence only within a stated margin", () => {
    const close: PrimaryRow = { ...mixed, policy: seeds(20, (i) => (i % 2 === 0 ? 0.1 : -0.1)), unit: "s" };
    expect(compareTable([close])[0].verdict).toBe("no difference shown");
    const [row] = compareTable([{ ...close, margin: 0.5 }]);
    expect(row.verdict).toBe("equivalent");
    expect(row.pEquivalence).toBe(2 ** -20);
    expect(row.sentence).toBe(
      "between 0.1 s lower and 0.1 s higher (95 % interval of the median difference), " +
        "within the margin of 0.5 s, p < 0.0001 for equivalence, 20 seeds",
    );
  });

  it("neither tests nor counts deterministic rows", () => {
    const copies: PrimaryRow = {
      baseline: zero,
      policy: seeds(20, () => 3),
      better: "higher",
      deterministic: true,
      margin: 9,
    };
    const [row, other] = compareTable([copies, clear]);
    expect(row).toMatchObject({
      verdict: "deterministic, n = 1",
      p: undefined,
      pAdjusted: undefined,
      interval: undefined,
    });
    expect(row.sentence).toBe("higher by 3, deterministic, n = 1");
    expect(other.pAdjusted).toBe(other.p);
  });

  it("never calls a policy better than itself", () => {
    const [row] = compareTable([{ ...clear, policy: zero }]);
    expect(row).toMatchObject({ verdict: "no difference shown", p: 1, effectSize: 0, medianDifference: 0 });
    expect(row.notes).toEqual(["no difference in any seed; such seeds carry no weight in the test"]);
  });

  it("never finds more in a table than alpha allows: three true nulls, all signs of eight seeds", () => {
    // The same eight signs for all three rows is one dependence among many; Holm must hold for each.
    const n = 8;
    const magnitudes = [seeds(n, (i) => i + 1), seeds(n, () => 1), seeds(n, (i) => (i < 4 ? 1 : 5))];
    let tablesWithVerdict = 0;
    for (let signs = 0; signs < 2 ** n; signs++) {
      const rows = magnitudes.map((m): PrimaryRow => {
        const policy = m.map((value, i) => ((signs >> i) & 1 ? value : -value));
        return { baseline: seeds(n, () => 0), policy, better: "higher" };
      });
      if (compareTable(rows).some((row) => row.verdict !== "no difference shown")) tablesWithVerdict++;
    }
    expect(tablesWithVerdict).toBeGreaterThan(0);
    expect(tablesWithVerdict / 2 ** n).toBeLessThanOrEqual(0.05);
  });

  it("always gives better and worse in mirror image, and a verdict only with adjusted p at most alpha", () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 30 }));
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 25 }), (pairs) => {
        const a = pairs.map(([x]) => x);
        const b = pairs.map(([, y]) => y);
        const [there] = compareTable([{ baseline: a, policy: b, better: "higher" }]);
        const [back] = compareTable([{ baseline: b, policy: a, better: "higher" }]);
        const mirror = { better: "worse", worse: "better" } as Record<string, string>;
        expect(back.verdict).toBe(mirror[there.verdict] ?? there.verdict);
        expect(there.verdict !== "no difference shown").toBe((there.pAdjusted ?? 1) <= 0.05);
      }),
    );
  });

  it("says what no difference shown leaves open", () => {
    const policy = [1, -2, 3, -4, 5, -6, 7, -8, 9, -10];
    const [row] = compareTable([{ baseline: policy.map(() => 0), policy, better: "higher", unit: "pods" }]);
    expect(row.verdict).toBe("no difference shown");
    expect(row.detectable).toBeGreaterThan(5);
    expect(row.sentence).toMatch(/a difference of \S+ pods would have been seen with a chance of 80 %$/);
  });
});
