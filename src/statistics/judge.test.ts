import { describe, expect, it } from "vitest";
import { comparePaired } from "./compare-paired.ts";
import { type Evidence, judge } from "./judge.ts";

const evidence: Evidence = {
  better: "lower",
  alpha: 0.05,
  rows: 3,
  p: 0.01,
  pAdjusted: 0.03,
  pEquivalence: undefined,
  zeros: 0,
};

const against = (differences: number[]) =>
  comparePaired({ baseline: differences.map(() => 0), policy: differences });
const higher = against([2, 3, 4, 5, 6, 7]);

describe("judge", () => {
  it("reads the direction by what is good for the measure", () => {
    expect(judge(higher, evidence).verdict).toBe("worse");
    expect(judge(higher, { ...evidence, better: "higher" }).verdict).toBe("better");
    expect(judge(higher, { ...evidence, pAdjusted: 0.051 }).verdict).toBe("no difference shown");
  });

  it("calls a significant difference within the margin equivalent, and says both", () => {
    expect(judge(higher, { ...evidence, pEquivalence: 0.02 })).toEqual({
      verdict: "equivalent",
      notes: ["consistently higher, but by less than the margin"],
    });
    expect(judge(higher, { ...evidence, pEquivalence: 0.06 }).verdict).toBe("worse");
  });

  it("says when the test is significant and the interval is not", () => {
    const straddling = against([-1, -1, -1, 8, 9, 10]);
    expect(judge(straddling, { ...evidence, better: "higher" })).toEqual({
      verdict: "better",
      notes: [expect.stringContaining("the interval does not exclude 0")],
    });
  });

  it("says when the interval is unadjusted or the test weaker", () => {
    const unadjusted = judge(higher, { ...evidence, pAdjusted: 0.09 });
    expect(unadjusted.notes).toEqual([expect.stringContaining("not adjusted for the 3 rows")]);
    const weaker = judge(higher, { ...evidence, p: 0.08, pAdjusted: 0.09 });
    expect(weaker.notes).toEqual([expect.stringContaining("though the test is not significant")]);
  });

  it("says how many seeds carried no weight", () => {
    const none = judge(against([0, 0]), { ...evidence, p: 1, pAdjusted: 1, zeros: 2 });
    expect(none.notes).toEqual(["no difference in any seed; such seeds carry no weight in the test"]);
  });
});
