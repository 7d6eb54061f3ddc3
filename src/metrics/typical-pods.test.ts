import { describe, expect, it } from "vitest";
import { TraceBuilder } from "../trace/trace-builder.ts";
import { TYPICAL_LIMIT, typicalPods } from "./typical-pods.ts";

/** A trace of templates only, each asking for so much CPU. */
function withTemplates(cpus: readonly number[]) {
  return new TraceBuilder().finish(
    {
      workload: "",
      as: "",
      policy: "",
      seed: 0,
      tieBreak: "",
      horizonUs: 0,
      endUs: 0,
      version: "",
      events: 0,
      attempts: 0,
      nodesEvaluated: 0,
      tiedDecisions: 0,
      plugins: [],
      reasons: [],
      limits: {},
    },
    {
      count: 0,
      names: [],
      zones: [],
      allocatable: [new Float64Array(0)],
      deviceCount: new Int32Array(0),
      deviceModel: new Int32Array(0),
      deviceModels: [],
      joinedUs: new Float64Array(0),
      lostUs: new Float64Array(0),
    },
    cpus.map((cpu, i) => ({ name: `t${i}`, requests: [cpu], priority: 0 })),
    [{ name: "cpu", unit: "milli" }],
  );
}

function typical(cpus: readonly number[], popularity: readonly number[]) {
  return typicalPods(withTemplates(cpus), popularity, ({ requests }) => [...requests]);
}

describe("typical pods", () => {
  it("are the shortest prefix by frequency that covers 95 % of the pods, weighted within it", () => {
    const found = typical([100, 200, 300, 200], [60, 20, 5, 15]);
    expect(found.map(({ template, weight }) => [template.requests[0], weight])).toEqual([
      [100, 60 / 95],
      [200, 35 / 95],
    ]);
  });

  it("put the larger shape first among equally frequent ones", () => {
    expect(typical([900, 1000], [1, 1]).map(({ template }) => template.requests[0])).toEqual([1000, 900]);
  });

  it("are sampled at equal steps when there are very many shapes", () => {
    const many = Array.from({ length: 10_000 }, (_, i) => i + 1);
    const found = typical(
      many,
      many.map(() => 1),
    );
    expect(found).toHaveLength(TYPICAL_LIMIT);
    expect(found.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    const mean = found.reduce((sum, { template, weight }) => sum + weight * template.requests[0], 0);
    // The 95 % kept are the larger ones: 501 to 10,000.
    expect(mean).toBeCloseTo(5250, -2);
  });

  it("are none when no pod arrives", () => {
    expect(typical([100], [0])).toEqual([]);
  });
});
