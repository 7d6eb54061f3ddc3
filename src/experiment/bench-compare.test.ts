import { describe, expect, it } from "vitest";
import type { BenchResult } from "./bench.ts";
import { compareWithBaseline, parseBaseline } from "./bench-compare.ts";
import { dataItems } from "./bench-data-items.ts";

function resultOf(samples: readonly number[], { name = "A/1", digest = "d" } = {}): BenchResult {
  return {
    machine: { cpu: "cpu", cores: 2, memoryGiB: 8, platform: "linux x64" },
    stowage: "0.0.0",
    node: "v20",
    finishedAt: "2026-01-01T00:00:00.000Z",
    clockOverheadNs: 50,
    failed: [],
    unsupported: [],
    cases: [
      {
        case: name,
        source: "perf.yaml",
        policy: "default",
        tieBreak: "upstream",
        nodes: 1,
        initPods: 0,
        measuredPods: 1,
        scheduled: 1,
        unschedulable: 0,
        algorithm: "index",
        placementDigest: digest,
        notes: [],
        notHonoured: [],
        repeats: samples.length,
        podsPerSecond: null,
        usPerPod: null,
        samples,
        peakRssMiB: 1,
      },
    ],
  };
}

const steady = [100, 101, 99, 100, 102, 98, 100];
const baseline = parseBaseline("before.json", JSON.stringify(resultOf(steady)));

describe("compareWithBaseline", () => {
  it.each([
    [1.1, "faster"],
    [0.9, "slower"],
    [1.01, "no difference shown"],
    [1, "no difference shown"],
  ])("says of a speed %d times that of the baseline: %s", (factor, verdict) => {
    const [row] = compareWithBaseline(resultOf(steady.map((rate) => rate * factor)), baseline);
    expect(row.verdict).toBe(verdict);
    expect(row.ratio).toBeCloseTo(factor, 10);
    expect(row).toMatchObject({ samePlacements: true, notes: [] });
  });

  it("shows no difference with too few repeats, and says how many would do", () => {
    const [row] = compareWithBaseline(resultOf([200, 200, 200]), baseline);
    expect(row).toMatchObject({ verdict: "no difference shown", ratio: 2, ci: null });
    expect(row.notes).toEqual(["Too few repeats to tell; 6 are needed on both sides."]);
  });

  it("says when there is nothing to compare with, or when the work was not the same", () => {
    const [missing] = compareWithBaseline(resultOf(steady, { name: "B/1" }), baseline);
    expect(missing).toMatchObject({
      ratio: null,
      samePlacements: null,
      notes: ["The baseline has no such case."],
    });
    const [other] = compareWithBaseline(resultOf(steady, { digest: "e" }), baseline);
    expect(other.samePlacements).toBe(false);
    expect(other.notes.join()).toContain("not the same work");
  });
});

describe("parseBaseline", () => {
  it("refuses what bench did not print", () => {
    expect(() => parseBaseline("x.json", "{")).toThrow("x.json: invalid baseline: ");
    expect(() => parseBaseline("x.json", '{"cases": []}')).toThrow("machine");
  });
});

describe("dataItems", () => {
  it("writes one item per case with a metric of its own", () => {
    expect(dataItems(resultOf([30, 10, 20])).dataItems).toEqual([
      {
        data: { Average: 20, Perc50: 20, Perc90: 30, Perc95: 30, Perc99: 30 },
        unit: "pods/s",
        labels: { Metric: "StowageEngineThroughput", Name: "A/1", engine: "stowage", policy: "default" },
      },
    ]);
    expect(dataItems(resultOf([])).dataItems).toEqual([]);
  });
});
