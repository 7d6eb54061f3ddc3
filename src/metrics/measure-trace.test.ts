import { describe, expect, it } from "vitest";
import type { Trace, TraceFacts, TraceTemplate } from "../trace/trace.ts";
import { TraceBuilder } from "../trace/trace-builder.ts";
import { measureTrace } from "./measure-trace.ts";
import { measures } from "./measures.ts";

const facts: TraceFacts = {
  workload: "drawn",
  as: "",
  policy: "drawn",
  seed: 42,
  tieBreak: "first",
  horizonUs: 100e6,
  endUs: 100e6,
  version: "0",
  events: 0,
  attempts: 8,
  nodesEvaluated: 24,
  tiedDecisions: 1,
  plugins: [],
  reasons: ["Insufficient cpu"],
  limits: {},
};

/**
 * A trace drawn as two tables. Times are in seconds and `-` is never; CPU in cores, memory in GiB. A node's gpu is `2xT4` (count
 * and model), a pod's `1x500` (count and share), with `@T4` for the model; `held` lists the devices that it holds. A pod is tried when it
 * is scheduled, or created; its node is there when it is scheduled. One that is `initial` has no times.
 */
function traceOf(nodeTable: string, podTable: string, changes: Partial<TraceFacts> = {}): Trace {
  const nodes = rowsOf(nodeTable);
  const models = [...new Set(nodes.map((node) => node["gpu"].split("x")[1] ?? ""))];
  const templates: TraceTemplate[] = [];
  const builder = new TraceBuilder();
  for (const row of rowsOf(podTable)) {
    const [, count, milli, , model] = /^(\d)x(\d+)(@(.*))?$/.exec(row["gpu"]) ?? [];
    const devices =
      count === undefined
        ? {}
        : { devices: { count: +count, milli: +milli, ...(model === undefined ? {} : { models: [model] }) } };
    const gpu = count === undefined ? 0 : +count * +milli;
    const cpu = 1000 * +row["cpu"];
    const template = templates.push({
      name: row["pod"],
      requests: [cpu, +row["memory"] * 2 ** 30, gpu],
      priority: 0,
      ...devices,
    });
    const initial = row["created"] === "initial";
    const pod = builder.addPod(template - 1, initial ? 0 : seconds(row["created"]));
    const { pods } = builder;
    const scheduled = seconds(row["scheduled"]);
    pods.initial[pod] = initial ? 1 : 0;
    pods.attempts[pod] = 1;
    pods.firstAttemptUs[pod] = Number.isNaN(scheduled) ? pods.createdUs[pod] : scheduled;
    pods.scheduledUs[pod] = pods.boundUs[pod] = pods.startedUs[pod] = scheduled;
    pods.finishedUs[pod] = seconds(row["finished"]);
    pods.deletedUs[pod] = seconds(row["deleted"] ?? "-");
    pods.node[pod] = nodes.findIndex(({ node }) => node === row["node"]);
    for (const device of row["held"]?.match(/\d/g) ?? []) pods.devices[pod] |= 1 << +device;
    if (Number.isNaN(scheduled) && !initial) pods.reason[pod] = 0;
  }
  return builder.finish(
    { ...facts, ...changes },
    {
      count: nodes.length,
      names: nodes.map(({ node }) => node),
      zones: nodes.map(() => ""),
      allocatable: [
        Float64Array.from(nodes, (node) => 1000 * +node["cpu"]),
        Float64Array.from(nodes, (node) => +node["memory"] * 2 ** 30),
        Float64Array.from(nodes, (node) => 1000 * devicesOf(node)),
      ],
      deviceCount: Int32Array.from(nodes, devicesOf),
      deviceModel: Int32Array.from(nodes, (node) =>
        devicesOf(node) === 0 ? -1 : models.indexOf(node["gpu"].split("x")[1]),
      ),
      deviceModels: models,
      joinedUs: Float64Array.from(nodes, (node) => seconds(node["joined"] ?? "0")),
      lostUs: Float64Array.from(nodes, (node) => {
        const lost = seconds(node["lost"] ?? "-");
        return Number.isNaN(lost) ? Number.POSITIVE_INFINITY : lost;
      }),
    },
    templates,
    [
      { name: "cpu", unit: "milli" },
      { name: "memory", unit: "bytes" },
      { name: "gpu", unit: "milli" },
    ],
  );
}

function devicesOf(node: Record<string, string>): number {
  return node["gpu"] === "-" ? 0 : Number.parseInt(node["gpu"], 10);
}

function seconds(text: string): number {
  return text === "-" ? Number.NaN : 1e6 * Number(text);
}

function rowsOf(table: string): Record<string, string>[] {
  const [head, ...lines] = table.trim().split("\n");
  const names = head.trim().split(/\s+/);
  return lines.map((line) =>
    Object.fromEntries(
      line
        .trim()
        .split(/\s+/)
        .map((cell, i) => [names[i], cell]),
    ),
  );
}

const twoNodes = `
  node  cpu  memory  gpu
  n1    4    8       -
  n2    4    8       -
`;

describe("measuring a trace", () => {
  const trace = traceOf(
    twoNodes,
    `
    pod  cpu  memory  gpu  created  scheduled  finished  node
    a    4    2       -    0        0          50        n1
    b    2    2       -    10       20         -         n2
    c    4    2       -    10       50         -         n1
    d    3    2       -    40       -          -         -
  `,
  );
  const { values, atLeast, series, pendingByReason, nodesAtEnd } = measureTrace(trace);
  const course = (name: string) => series.find((one) => one.name === name);

  it("counts what became of the pods", () => {
    expect(values).toMatchObject({
      podsCreated: 4,
      podsBound: 3,
      podsPending: 1,
      podsFinished: 1,
      podsDeleted: 0,
      attemptsPerPod: 2,
      nodesEvaluatedPerAttempt: 3,
      tiedDecisions: 100 / 3,
    });
    expect(pendingByReason).toEqual({ "Insufficient cpu": 1 });
  });

  it("counts the pods that still wait among the waiting times", () => {
    // Waits of 0, 10 and 40 s, and one of at least 60.
    expect(values).toMatchObject({ waitingTimeP50: 10, waitingTimeP90: 60, waitingTimeP99: 60 });
    expect(atLeast).toEqual(["waitingTimeP90", "waitingTimeP99"]);
  });

  it("weights allocation and imbalance by time", () => {
    // 4 of 8 cores for 20 s, then 6 for 80 s.
    expect(values["cpuAllocation"]).toBeCloseTo((50 * 20 + 75 * 80) / 100, 10);
    expect(values["cpuAllocationAtEnd"]).toBe(75);
    // Shares 1 and 0 have a coefficient of variation of 1; 1 and 0.5 have 0.25 / 0.75.
    expect(values["cpuImbalance"]).toBeCloseTo((1 * 20 + 80 / 3) / 100, 10);
    expect(values["cpuImbalanceAtEnd"]).toBeCloseTo(1 / 3, 10);
  });

  it("knows how many nodes were used and what would still fit", () => {
    expect(values).toMatchObject({ nodesUsed: 2, nodesEmpty: 0, nodesUsedPeak: 2, largestPlaceablePod: 2 });
    expect(nodesAtEnd.percent[0]).toEqual(Float64Array.of(100, 50));
    expect([...nodesAtEnd.pods]).toEqual([1, 1]);
  });

  it("draws the course on a grid from 0 to the horizon", () => {
    const pending = course("podsPendingOverTime");
    expect(pending?.at).toHaveLength(256);
    expect([pending?.at[0], pending?.at[255]]).toEqual([0, 100]);
    const sampleAt = (second: number) => Math.ceil((second * 255) / 100);
    expect([15, 30, 45, 60].map((second) => pending?.values[sampleAt(second)])).toEqual([2, 1, 2, 1]);
    expect(course("podsRunningOverTime")?.values[sampleAt(60)]).toBe(2);
    expect(course("cpuAllocationOverTime")?.values[sampleAt(10)]).toBe(50);
  });

  it("leaves out what does not apply", () => {
    for (const name of ["gpuAllocation", "gpuAllocationAt100", "gpuFragmentation", "gpuImbalance"]) {
      expect([name, values[name]]).toEqual([name, null]);
    }
    expect(course("gpuAllocationByAsk")).toBeUndefined();
    expect(Object.keys(values)).toEqual(measures.map(({ name }) => name));
  });

  it("is plain data", () => {
    const measured = measureTrace(trace);
    expect(structuredClone(measured)).toEqual(measured);
  });
});

describe("against arrived demand", () => {
  it("takes the state in which each pod leaves the cluster, and the next bin where one is empty", () => {
    const trace = traceOf(
      twoNodes,
      `
      pod  cpu  memory  gpu  created  scheduled  finished  node
      a    4    2       -    1        1          -         n1
      b    2    2       -    2        2          -         n2
      c    3    2       -    3        -          -         -
      d    2    2       -    4        4          -         n2
    `,
    );
    const { values, series } = measureTrace(trace);
    // Asked: 50, 75, 112.5 and 137.5 %; allocated: 50, 75, 75 and 100 %.
    expect(values).toMatchObject({ cpuAllocationAt100: 75, cpuAllocationAt130: 100 });
    const course = series.find(({ name }) => name === "cpuAllocationByAsk");
    expect(course?.atUnit).toBe("percent arrived");
    expect([0, 50, 51, 75, 76, 112, 113, 138].map((bin) => course?.values[bin])).toEqual([
      50, 50, 75, 75, 75, 75, 100, 100,
    ]);
    expect(course?.values).toHaveLength(139);
    expect(values["memoryAllocationAt100"]).toBeNull();
  });
});

describe("fragmentation", () => {
  it("is the worked example of the FGD ratio", () => {
    // On T4 devices 500 and 1000 are free and 2 cores; on P4, 1000 and 4 cores. Typical pods, a third each:
    // a asks for half a device: hosted on both nodes, no scraps below 500.
    // b asks for a whole T4 and 2 cores: hosted on n1, where the 500 are scraps; n2 has the wrong model: 1000.
    // c asks for no device: all 2500.
    const trace = traceOf(
      `
      node  cpu  memory  gpu
      n1    4    8       2xT4
      n2    4    8       1xP4
    `,
      `
      pod  cpu  memory  gpu        created  scheduled  finished  node  held
      a    2    2       1x500      0        0          -         n1    0
      b    2    2       1x1000@T4  10       -          -         -
      c    9    1       -          20       -          -         -
    `,
    );
    const { values, series } = measureTrace(trace);
    const expected = (100 * (0 + 1500 + 2500)) / 3 / 2500;
    expect(values["gpuFragmentationAtEnd"]).toBeCloseTo(expected, 10);
    expect(values["gpuFragmentation"]).toBeCloseTo(expected, 10);
    const amount = series.find(({ name }) => name === "gpuFragmentedByAsk");
    expect(amount?.values.at(-1)).toBeCloseTo((100 * 4000) / 3 / 3000, 10);
    // c fits nowhere, b not on n2: of the 6 free cores, 6 and 4; of the 14 GiB, 14 and 8.
    expect(values["cpuFragmentation"]).toBeCloseTo((100 * (0 + 4 + 6)) / 3 / 6, 10);
    expect(values["memoryFragmentation"]).toBeCloseTo((100 * (0 + 8 + 14)) / 3 / 14, 10);
  });

  it("is judged by another workload's pods when their popularity is given", () => {
    const trace = traceOf(
      `
      node  cpu  memory  gpu
      n1    4    8       1xT4
    `,
      `
      pod  cpu  memory  gpu     created  scheduled  finished  node
      a    1    1       1x500   0        -          -         -
      b    1    1       -       1        -          -         -
    `,
    );
    expect(measureTrace(trace).values["gpuFragmentation"]).toBe(50);
    expect(measureTrace(trace, [3, 1]).values["gpuFragmentation"]).toBe(25);
  });
});

describe("pods that ran from the start and nodes that come and go", () => {
  it("hold resources and count for nothing else", () => {
    const { values } = measureTrace(
      traceOf(
        twoNodes,
        `
        pod  cpu  memory  gpu  created  scheduled  finished  node
        old  4    2       -    initial  -          50        n1
        a    4    2       -    0        0          -         n2
      `,
      ),
    );
    expect(values).toMatchObject({ podsCreated: 1, podsBound: 1, podsPending: 0, podsFinished: 0 });
    expect(values).toMatchObject({
      cpuAllocation: 75,
      cpuAllocationAtEnd: 50,
      nodesUsed: 1,
      nodesUsedPeak: 2,
    });
  });

  it("take the pods of a lost node out of the account, and the node out of the capacity", () => {
    const trace = traceOf(
      `
      node  cpu  memory  gpu  joined  lost
      n1    4    8       -    0       60
      n2    4    8       -    20      -
    `,
      `
      pod  cpu  memory  gpu  created  scheduled  finished  deleted  node
      a    4    2       -    0        0          -         80       n1
    `,
    );
    const { values } = measureTrace(trace);
    // All of 4 cores for 20 s, 4 of 8 for 40 s, nothing of 4 for 40 s.
    expect(values["cpuAllocation"]).toBeCloseTo((100 * 20 + 50 * 40) / 100, 10);
    expect(values).toMatchObject({ podsDeleted: 1, podsPending: 0, nodesUsed: 0, nodesEmpty: 1 });
  });
});
