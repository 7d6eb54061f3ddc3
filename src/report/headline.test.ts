import { describe, expect, it } from "vitest";
import { measures } from "../metrics/measures.ts";
import type { ComparisonLine } from "./comparison-line.ts";
import { headline, measureSummaries } from "./headline.ts";
import { reportModel } from "./report-model.ts";
import { type SampleOptions, sampleResult } from "./testdata/sample-result.ts";

function line(measure: string, changes: Partial<ComparisonLine>): ComparisonLine {
  const found = measures.find(({ name }) => name === measure);
  if (found === undefined) throw new Error(`no measure ${measure}`);
  return {
    workload: "w",
    policy: "packed",
    baseline: "default",
    measure: found,
    kind: "judged",
    primary: true,
    n: 20,
    baselineMean: 90,
    policyMean: 92.7,
    medianDifference: 2.7,
    low: 2.1,
    high: 3.4,
    coverage: 0.958,
    p: 0.00001,
    pAdjusted: 0.0002,
    pEquivalence: null,
    effectSize: 1,
    deterministic: false,
    verdict: "better",
    seedsNeeded: null,
    notes: [],
    sentence: "",
    ...changes,
  };
}

const sentenceOf = (only: ComparisonLine) => headline([only], [], []);
const headlineOf = (options: SampleOptions) => reportModel(sampleResult(options)).workloads[0].headline;

describe("a verdict in a sentence", () => {
  it("says what, by how much, and how sure", () => {
    expect(sentenceOf(line("gpuAllocationAt130", {}))).toBe(
      "packed allocates 2.10 to 3.40 points more GPU at 130 % asked than default (better, 20 paired seeds, p = 0.0002 after Holm).",
    );
    expect(sentenceOf(line("podsPending", { low: -12, high: -8, medianDifference: -10 }))).toBe(
      "packed leaves 8 to 12 fewer pods pending at the end than default (better, 20 paired seeds, p = 0.0002 after Holm).",
    );
    expect(sentenceOf(line("waitingTimeP99", { verdict: "worse" }))).toBe(
      "packed has waiting time, 99th percentile 2.10 to 3.40 s higher than default (worse, 20 paired seeds, p = 0.0002 after Holm).",
    );
  });

  it("does not call the absence of a verdict equality", () => {
    const open = {
      verdict: "no difference shown",
      low: -0.3,
      high: 0.4,
      medianDifference: 0.1,
      pAdjusted: 0.8,
    } as const;
    expect(sentenceOf(line("cpuAllocation", open))).toBe(
      "No difference shown between packed and default in CPU allocation (between 0.300 points lower and 0.400 points higher, 20 paired seeds, p = 0.8 after Holm).",
    );
  });

  it("calls equivalent only what was shown to be within the margin", () => {
    const equal = { verdict: "equivalent", low: -0.3, high: 0.4, pEquivalence: 0.001 } as const;
    expect(sentenceOf(line("cpuAllocation", equal))).toBe(
      "packed and default are equivalent in CPU allocation, within the stated margin (between 0.300 points lower and 0.400 points higher, 20 paired seeds, p = 0.001 for equivalence after Holm).",
    );
  });

  it("says when there is only one run", () => {
    const single = {
      verdict: "deterministic, n = 1",
      n: 1,
      low: null,
      high: null,
      pAdjusted: null,
      deterministic: true,
    } as const;
    expect(sentenceOf(line("cpuAllocation", single))).toBe(
      "packed allocates 2.70 points more CPU than default (deterministic: every seed gives the same run, so n = 1 and there is no interval).",
    );
  });

  it("says how many seeds would do when there are too few", () => {
    const few = { verdict: "no difference shown", n: 4, low: null, high: null, seedsNeeded: 9 } as const;
    expect(sentenceOf(line("cpuAllocation", few))).toBe(
      "Too few seeds to tell packed from default in CPU allocation: 4 seeds cannot give a verdict in a table of this size, 9 can.",
    );
  });

  it("says why policies cannot be compared", () => {
    const censored = { kind: "incomparable", verdict: null, sentence: "censored in 3 of 20 seeds" } as const;
    expect(sentenceOf(line("waitingTimeP99", censored))).toBe(
      "packed and default cannot be compared in waiting time, 99th percentile: censored in 3 of 20 seeds.",
    );
  });
});

describe("the headline", () => {
  it("is the strongest verdict on the first primary measure", () => {
    const lines = [
      line("gpuAllocationAt130", { policy: "a" }),
      line("gpuAllocationAt130", { policy: "b", medianDifference: 3, low: 2.8, high: 3.2 }),
      line("podsPending", { policy: "c", medianDifference: -100 }),
    ];
    expect(headline(lines, [], [])).toMatch(
      /^b allocates 2.80 to 3.20 points more GPU [^.]*\(better,[^.]*p = 0.0002 after Holm\)\.$/,
    );
  });

  it("does not search the other measures for one on which something is better", () => {
    const lines = [
      line("gpuAllocationAt130", {
        policy: "a",
        verdict: "worse",
        low: -5,
        high: -4,
        medianDifference: -4.5,
      }),
      line("gpuAllocationAt130", { policy: "b", verdict: "no difference shown", low: -1, high: 1 }),
      line("podsPending", { policy: "b" }),
    ];
    expect(headline(lines, [], [])).toMatch(
      /^No policy is shown better than default in GPU allocation at 130 % asked\. a allocates 4 to 5 points less GPU/,
    );
  });

  it("says where the winner loses", () => {
    const lines = [line("gpuAllocationAt130", {}), line("podsPending", { verdict: "worse" })];
    expect(headline(lines, [], [])).toMatch(/after Holm\)\. It is worse in pods pending at the end\.$/);
  });

  it("falls back to the first measure when nothing was shown", () => {
    expect(headlineOf({ seeds: 4, failures: false })).toMatch(/^Too few seeds to tell best-fit from default/);
  });

  it("says what the only policy came to when there is nothing to compare", () => {
    expect(headlineOf({ policies: ["default"] })).toMatch(
      /^default: GPU allocation at 130 % asked is \d+\.\d % \(mean of 20 seeds\); there is no second policy/,
    );
  });

  it("says so when no trial was completed", () => {
    expect(headline([], [], [])).toBe("No trial was completed, so there is nothing to compare.");
  });

  it("is followed by who is better and who is worse on each measure", () => {
    const lines = [
      line("podsPending", { policy: "a" }),
      line("podsPending", { policy: "b", verdict: "worse" }),
      line("podsPending", { policy: "c" }),
    ];
    expect(measureSummaries(lines)).toEqual(["Pods pending at the end: better: a and c; worse: b."]);
  });
});

describe("the warnings of a report", () => {
  it("name failed and unfinished trials before anything else", () => {
    const { warnings } = reportModel(sampleResult({ interrupted: true }));
    expect(warnings).toEqual([
      "Interrupted: 149 of 200 trials were finished. What follows rests on those alone.",
      "1 of 200 trials failed. Comparisons use the seeds that both policies finished; a policy that fails on the hard seeds can look better than it is.",
    ]);
  });
});
