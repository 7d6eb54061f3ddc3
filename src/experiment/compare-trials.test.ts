import { describe, expect, it } from "vitest";
import type { MeasuredTrace } from "../metrics/measure-trace.ts";
import { compareTrials } from "./compare-trials.ts";
import type { CompletedTrial, TrialResult } from "./trial-result.ts";

function completed(
  policy: string,
  seed: number,
  values: Record<string, number | null>,
  more: Partial<MeasuredTrace> = {},
): CompletedTrial {
  const measured: MeasuredTrace = {
    values,
    atLeast: [],
    series: [],
    pendingByReason: {},
    nodesAtEnd: { resources: [], percent: [], pods: new Int32Array() },
    ...more,
  };
  return {
    workload: "w",
    policy,
    seed,
    state: "completed",
    digest: `${policy}-${seed}`,
    measured,
    simulatedSeconds: 1,
    events: 1,
    attempts: 1,
    wallSeconds: 1,
  };
}

function compared(trials: readonly TrialResult[], margin?: number, sameForEverySeed = false) {
  return compareTrials({
    trials,
    workloads: [{ name: "w", primaryMeasures: ["gpuAllocationAt100", "waitingTimeP99"], sameForEverySeed }],
    policies: ["a", "b"],
    baseline: "a",
    margin,
  });
}

const SEEDS = [42, 43, 44, 45, 46, 47, 48, 49];

describe("compareTrials", () => {
  it("judges primary measures and only explores the others, primary ones first", () => {
    const trials = SEEDS.flatMap((seed) => [
      completed("a", seed, { gpuAllocationAt100: 90, podsBound: 10 }),
      completed("b", seed, { gpuAllocationAt100: 91 + seed / 100, podsBound: 11 }),
    ]);
    const rows = compared(trials);
    expect(rows.map(({ measure, row }) => [measure.name, row.kind])).toEqual([
      ["gpuAllocationAt100", "judged"],
      ["podsBound", "explored"],
    ]);
    expect(rows[0].row).toMatchObject({ verdict: "better", n: 8 });
  });

  it("pairs only seeds that both policies finished", () => {
    const trials: TrialResult[] = [
      completed("a", 42, { podsBound: 1 }),
      completed("b", 42, { podsBound: 2 }),
      completed("a", 43, { podsBound: 5 }),
      { workload: "w", policy: "b", seed: 43, state: "failed", cause: "error", message: "", replay: "" },
    ];
    expect(compared(trials)[0].row).toMatchObject({ n: 1, baselineMean: 1, policyMean: 2 });
  });

  it("gives no interval to a censored measure", () => {
    const trials = SEEDS.flatMap((seed) => [
      completed("a", seed, { waitingTimeP99: 5 }),
      completed("b", seed, { waitingTimeP99: 6 }, seed === 42 ? { atLeast: ["waitingTimeP99"] } : {}),
    ]);
    const { row } = compared(trials)[0];
    expect(row).toMatchObject({ kind: "incomparable", n: 8, policyMean: 6 });
    expect(row.kind === "incomparable" && row.why).toMatch(/censored in 1 of 8 seeds/);
  });

  it("says n = 1 when every seed gave one trace", () => {
    const trials = SEEDS.flatMap((seed) =>
      ["a", "b"].map((policy) => ({
        ...completed(policy, seed, { gpuAllocationAt100: policy === "a" ? 1 : 2 }),
        digest: policy,
      })),
    );
    expect(compared(trials)[0].row).toMatchObject({
      verdict: "deterministic, n = 1",
      n: 1,
      medianDifference: 1,
      interval: undefined,
    });
  });

  it("says n = 1 when the workload is the same for every seed and the measure is too, whatever the nodes", () => {
    const trials = SEEDS.flatMap((seed) => [
      completed("a", seed, { gpuAllocationAt100: 1 }),
      completed("b", seed, { gpuAllocationAt100: 2 }),
    ]);
    expect(compared(trials, undefined, true)[0].row).toMatchObject({ verdict: "deterministic, n = 1", n: 1 });
    expect(compared(trials)[0].row).toMatchObject({ verdict: "better", n: 8 });
  });

  it("calls differences within the margin equivalent", () => {
    const trials = SEEDS.flatMap((seed) => [
      completed("a", seed, { gpuAllocationAt100: 90 }),
      completed("b", seed, { gpuAllocationAt100: 90 + (seed % 2 === 0 ? 0.1 : -0.1) }),
    ]);
    expect(compared(trials, 0.02)[0].row).toMatchObject({ verdict: "equivalent" });
  });
});
