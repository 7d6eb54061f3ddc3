import { describe, expect, it } from "vitest";
import type { CompletedTrial } from "../experiment/trial-result.ts";
import { bandedSeries } from "./band.ts";
import { sampleResult } from "./testdata/sample-result.ts";

const [trial] = sampleResult({ seeds: 1, failures: false }).trials;

function withSeries(at: number[], values: number[]): CompletedTrial {
  if (trial.state !== "completed") throw new Error("the sample's first trial is completed");
  const series = {
    name: "s",
    title: "S",
    unit: "pods",
    atUnit: "seconds",
    at: Float64Array.from(at),
    values: Float64Array.from(values),
  } as const;
  return { ...trial, measured: { ...trial.measured, series: [series] } };
}

function bandOf(...trials: CompletedTrial[]) {
  return bandedSeries([{ policy: "p", trials }])[0].bands[0];
}

describe("a band", () => {
  it("is the mean, the least and the greatest value at each place", () => {
    expect(bandOf(withSeries([0, 1], [1, 4]), withSeries([0, 1], [3, 8]))).toEqual({
      policy: "p",
      seeds: 2,
      at: [0, 1],
      mean: [2, 6],
      min: [1, 4],
      max: [3, 8],
    });
  });

  it("ends where the first seed ends, so that the mean is always over all of them", () => {
    expect(bandOf(withSeries([0, 1, 2], [1, 4, 9]), withSeries([0, 1, 2], [3, 8, Number.NaN])).at).toEqual([
      0, 1,
    ]);
  });

  it("shows the first seed alone when the seeds have no axis in common", () => {
    const { seeds, at, mean } = bandOf(withSeries([0, 1, 2], [1, 4, 9]), withSeries([0, 1.5, 3], [3, 8, 9]));
    expect({ seeds, at, mean }).toEqual({ seeds: 1, at: [0, 1, 2], mean: [1, 4, 9] });
  });
});
