import { describe, expect, it } from "vitest";
import { kaplanMeier, kaplanMeierQuantile } from "./kaplan-meier.ts";

describe("kaplanMeier", () => {
  /** Remission under 6-mercaptopurine, weeks; Freireich and others, Blood 21 (1963), in every textbook since. */
  const finished = [6, 6, 6, 7, 10, 13, 16, 22, 23];
  const censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];

  it("gives the textbook curve", () => {
    const steps = kaplanMeier(finished, censored);
    expect(steps.map((step) => [step.time, step.atRisk, step.finished])).toEqual([
      [6, 21, 3],
      [7, 17, 1],
      [10, 15, 1],
      [13, 12, 1],
      [16, 11, 1],
      [22, 7, 1],
      [23, 6, 1],
    ]);
    const shares = steps.map((step) => Number(step.waiting.toFixed(3)));
    expect(shares).toEqual([0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]);
  });

  it("has quantiles as far as the curve falls: the median is 23, the upper quartile unknown", () => {
    const steps = kaplanMeier(finished, censored);
    expect(kaplanMeierQuantile(steps, 0.5)).toBe(23);
    expect(kaplanMeierQuantile(steps, 0.75)).toBeUndefined();
  });

  it("is the plain share when nothing is censored", () => {
    const steps = kaplanMeier([4, 1, 3, 2], []);
    expect(steps.map((step) => Number(step.waiting.toFixed(12)))).toEqual([0.75, 0.5, 0.25, 0]);
    expect(kaplanMeierQuantile(steps, 0.5)).toBe(2);
    expect(kaplanMeier([], [1])).toEqual([]);
  });
});
