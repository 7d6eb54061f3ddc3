import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { noPreference } from "../plugins/no-preference.ts";
import { definePlugin } from "../scheduler/plugin.ts";
import { defineProfile } from "../scheduler/profile.ts";
import { readSchedulerPerf } from "../workload/read-scheduler-perf.ts";
import { bench } from "./bench.ts";
import { measureCase, type PlacementRow } from "./bench-case.ts";
import { benchCases } from "./bench-cases.ts";

const shared = "../shared";
const misc = `${shared}/upstream/scheduler_perf/misc/performance-config.yaml`;
const upstream = `${shared}/upstream/scheduler_perf`;
const placements = `${shared}/conformance/placements`;
const recordings = existsSync(placements)
  ? readdirSync(placements).filter((file) => file.endsWith(".csv"))
  : [];

const perfFile = `
- name: Small
  featureGates: { SchedulerAsyncAPICalls: true }
  workloadTemplate:
    - { opcode: createNodes, countParam: $nodes }
    - { opcode: createPods, count: 3 }
    - { opcode: createPods, countParam: $pods, collectMetrics: true }
  workloads:
    - { name: 5Nodes, labels: [performance], params: { nodes: 5, pods: 7 } }
    - { name: 120Nodes, labels: [performance, short], params: { nodes: 120, pods: 20 } }
- name: Odd
  workloadTemplate:
    - { opcode: createNodes, count: 2 }
    - { opcode: createPods, count: 1, collectMetrics: true }
  featureGates: { DRAListTypeAttributes: true }
  workloads:
    - { name: Listed, labels: [performance], params: {} }
`;

function perfConfig(): string {
  const folder = mkdtempSync(join(tmpdir(), "stowage-bench-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "performance-config.yaml");
  writeFileSync(file, perfFile);
  return file;
}

describe("bench", () => {
  it("measures every supported case of a file and names the others with the reason", async () => {
    const progress: number[] = [];
    const result = await bench({
      inputs: [perfConfig()],
      label: "performance",
      repeats: 6,
      onProgress: (finished, planned) => progress.push(finished / planned),
    });
    expect(result.failed).toEqual([]);
    expect(result.cases.map((row) => row.case)).toEqual(["Small/5Nodes", "Small/120Nodes"]);
    expect(result.cases[0]).toMatchObject({
      policy: "default",
      tieBreak: "upstream",
      nodes: 5,
      initPods: 3,
      measuredPods: 7,
      scheduled: 7,
      unschedulable: 0,
      repeats: 6,
      algorithm: "index",
    });
    for (const { podsPerSecond, usPerPod, samples, notes } of result.cases) {
      expect(samples).toHaveLength(6);
      expect(podsPerSecond!.ci).toEqual([podsPerSecond!.min, podsPerSecond!.max]);
      expect(usPerPod!.min).toBeCloseTo(1e6 / podsPerSecond!.max, 6);
      expect(notes.join()).toContain("SchedulerAsyncAPICalls=true");
    }
    expect(result.unsupported).toMatchObject([
      {
        case: "Odd/Listed",
        reason:
          "feature gate DRAListTypeAttributes=true (alpha, off by default: attributes of devices with several values)",
      },
    ]);
    expect(progress).toHaveLength(14);
    expect(progress.at(-1)).toBe(1);
  });

  it("decides the same in every run, and otherwise under another policy", async () => {
    const input = { inputs: [perfConfig()], select: "Small/120Nodes", repeats: 1 };
    const digestOf = async (policy: string) => (await bench({ ...input, policy })).cases[0].placementDigest;
    expect(await digestOf("default")).toBe(await digestOf("default"));
    expect(await digestOf("first-fit")).not.toBe(await digestOf("default"));
  });

  it("gives no interval for fewer than six repeats", async () => {
    const result = await bench({ inputs: [perfConfig()], select: "Small/5Nodes", repeats: 2 });
    expect(result.cases[0].podsPerSecond!.ci).toBeNull();
  });

  it("refuses a selection without a case that could be measured", async () => {
    const inputs = [perfConfig()];
    await expect(bench({ inputs, select: "Smal/*" })).rejects.toThrow('unknown selection: "Smal/*"');
    await expect(bench({ inputs, select: "Odd" })).rejects.toThrow(
      "not supported yet: feature gate DRAListTypeAttributes=true",
    );
    await expect(bench({ inputs: ["workloads/none.yaml"] })).rejects.toThrow("workloads/none.yaml");
  });

  it("stops between two repeats when interrupted", async () => {
    const controller = new AbortController();
    const result = await bench({
      inputs: [perfConfig()],
      label: "performance",
      repeats: 3,
      signal: controller.signal,
      onProgress: (finished) => {
        if (finished === 5) controller.abort();
      },
    });
    expect(result.cases.map((row) => row.case)).toEqual(["Small/5Nodes"]);
  });
});

describe("measureCase", () => {
  it("says what the pods ask for that the policy does not read", async () => {
    const [workload] = await readSchedulerPerf(perfConfig(), { select: "Small/5Nodes" });
    const content = workload.content;
    if (content.kind !== "phases") throw new Error("scheduler_perf is phases");
    const templates = content.templates.map((template) => ({
      ...template,
      object: { ...template.object, spec: { ...template.object.spec, priority: 100 } },
    }));
    const profile = defineProfile({ name: "none", plugins: [{ plugin: noPreference }] });
    const measured = await measureCase({
      workload: { ...workload, content: { ...content, templates } },
      source: "",
      profile,
      policy: "none",
      repeats: 1,
      overheadMs: 0,
    });
    expect(measured?.result.notHonoured.join()).toContain("DefaultPreemption");
  });

  it("refuses a policy that decides differently from repeat to repeat", async () => {
    let asked = 0;
    const moody = definePlugin({
      name: "Moody",
      score: () => (feasible, scores) => {
        const favourite = Math.trunc(asked++ / 13) % feasible.length;
        for (let i = 0; i < feasible.length; i++) scores[i] = i === favourite ? 100 : 0;
      },
    });
    const [workload] = await readSchedulerPerf(perfConfig(), { select: "Small/5Nodes" });
    const profile = defineProfile({ name: "moody", plugins: [{ plugin: noPreference }, { plugin: moody }] });
    const options = { source: "", profile, policy: "moody", repeats: 3, overheadMs: 0 };
    await expect(measureCase({ ...options, workload: workload })).rejects.toThrow(
      "repeat 1 of Small/5Nodes under moody placed pods differently",
    );
  });
});

describe("with the recordings of kube-scheduler beside the checkout", () => {
  it.skipIf(recordings.length === 0).each(recordings)(
    "places the pods of %s as kube-scheduler did (skipped without ../shared)",
    async (recording) => {
      const rows: PlacementRow[] = [];
      const [name, workload] = recording.replace(/\.csv$/, "").split("-");
      const result = await bench({
        inputs: [upstream],
        select: `${name}/${workload}`,
        tieBreak: "upstream",
        repeats: 1,
        onPlacements: async (_name, placed) => void rows.push(...placed),
      });
      expect(result.failed).toEqual([]);
      const lines = rows.map(({ nodeIndex }, order) => `${order},${nodeIndex}`);
      expect(lines).toEqual(readFileSync(join(placements, recording), "utf8").trim().split("\n").slice(1));
    },
  );

  it.skipIf(!existsSync(misc))(
    "finds five workloads of SchedulingBasic with 5000 in their names (skipped without ../shared)",
    async () => {
      const { cases, unsupported } = await benchCases([misc], { select: "SchedulingBasic/*5000*" });
      expect(cases).toHaveLength(5);
      expect(unsupported).toEqual([]);
    },
  );
});
