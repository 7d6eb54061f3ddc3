import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digest } from "../base/digest.ts";
import { drawGenerated } from "./draw-generated.ts";
import type { Scenario } from "./scenario.ts";
import type { GeneratedWorkload, StreamSpec } from "./spec.ts";

const object = { kind: "Pod", spec: { containers: [{ name: "main" }] } } as const;
const stream = (name: string, ratePerSecond: number): StreamSpec => ({
  name,
  templates: [
    { template: 0, weight: 2 },
    { template: 1, weight: 1 },
  ],
  process: { process: "poisson", ratePerSecond },
  window: { fromUs: 0, untilUs: Number.POSITIVE_INFINITY, count: Number.POSITIVE_INFINITY },
  runTime: { distribution: "exponential", mean: 60e6 },
});

function workload(changes: Partial<GeneratedWorkload> = {}): GeneratedWorkload {
  return {
    nodePools: [
      { name: "a", count: 4, allocatable: { cpu: "4" }, labels: {}, taints: [], zones: ["x", "y"] },
      { name: "b", count: 2, allocatable: { cpu: "8" }, labels: { tier: "b" }, taints: [], zones: [] },
    ],
    podTemplates: [
      {
        name: "web",
        object,
        sizes: [{ resource: "cpu", size: { distribution: "uniform", min: 100, max: 900, grid: 250 } }],
      },
      { name: "batch", object, sizes: [] },
    ],
    arrivals: [stream("s", 5)],
    events: [],
    horizonUs: 60e6,
    ...changes,
  };
}

function digestOf({ pods, nodeTimes, templates }: Scenario): string {
  const names = Array.from({ length: pods.count }, (_, row) => pods.nameOf(row));
  const { joinUs, cordonUs, uncordonUs, lostUs } = nodeTimes;
  const columns = [pods.template, pods.arrivalUs, pods.runUs, joinUs, cordonUs, uncordonUs, lostUs];
  return digest(...columns, JSON.stringify([names, templates]));
}

/** What each pod of a stream is, by its name. */
function podsOf({ pods, templates }: Scenario, prefix: string): Map<string, unknown[]> {
  const rows = Array.from({ length: pods.count }, (_, row) => row);
  return new Map(
    rows
      .filter((row) => pods.nameOf(row).startsWith(`default/${prefix}-`))
      .map((row) => [
        pods.nameOf(row),
        [templates[pods.template[row]].name, pods.arrivalUs[row], pods.runUs[row]],
      ]),
  );
}

describe("a generated workload", () => {
  it("draws few kinds, on the grid", () => {
    const { templates } = drawGenerated(workload(), 42);
    expect(templates.map(({ name }) => name).toSorted()).toEqual([
      "batch",
      "web-1",
      "web-250m",
      "web-500m",
      "web-750m",
    ]);
    const web = templates.find(({ name }) => name === "web-250m");
    expect(web?.object.spec?.containers?.[0]?.resources?.requests).toEqual({ cpu: "250m" });
  });

  it("deals zones in turn and names nodes in order", () => {
    const { nodes } = drawGenerated(workload(), 42);
    expect(nodes.map(({ object: node }) => node.metadata?.name)).toEqual([
      "a-00000",
      "a-00001",
      "a-00002",
      "a-00003",
      "b-00000",
      "b-00001",
    ]);
    const zones = nodes.map(({ object: node }) => node.metadata?.labels?.["topology.kubernetes.io/zone"]);
    expect(zones).toEqual(["x", "y", "x", "y", undefined, undefined]);
  });

  it("joins, cordons, uncordons and loses as many nodes of the pool as said", () => {
    const events = [
      { index: 0, atUs: 10, action: "cordon", pool: 0, count: 2 },
      { index: 1, atUs: 20, action: "uncordon", pool: 0, count: 1 },
      { index: 2, atUs: 30, action: "lose", pool: 0, share: 0.5 },
      { index: 3, atUs: 40, action: "join", pool: 1, count: 3 },
      { index: 4, atUs: 50, action: "lose", pool: 1, count: 100 },
    ] as const;
    const { nodes, nodeTimes } = drawGenerated(workload({ events }), 42);
    const at = (column: Float64Array, time: number) => column.filter((value) => value === time).length;
    expect(nodes).toHaveLength(9);
    expect(nodes.at(-1)?.object.metadata?.name).toBe("b-00004");
    expect(at(nodeTimes.cordonUs, 10)).toBe(2);
    expect(at(nodeTimes.uncordonUs, 20)).toBe(1);
    expect(at(nodeTimes.lostUs, 30)).toBe(2);
    expect(at(nodeTimes.joinUs, 40)).toBe(3);
    expect(at(nodeTimes.lostUs, 50)).toBe(5);
    // Which ones is the seed's choice.
    const others = Array.from({ length: 10 }, (_, i) =>
      drawGenerated(workload({ events }), i).nodeTimes.lostUs.join(),
    );
    expect(new Set(others).size).toBeGreaterThan(1);
  });

  it("always gives the same bytes for a seed and others for another", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const once = digestOf(drawGenerated(workload(), seed));
        expect(digestOf(drawGenerated(workload(), seed))).toBe(once);
        expect(digestOf(drawGenerated(workload(), seed + 1))).not.toBe(once);
      }),
      { numRuns: 20 },
    );
  });

  it("never lets the number of pods or another stream change a pod's luck", () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 1, max: 20, noNaN: true }), (seed, rate) => {
        const alone = podsOf(drawGenerated(workload(), seed), "s");
        const company = workload({ arrivals: [stream("t", rate), stream("s", 5)], horizonUs: 90e6 });
        const among = podsOf(drawGenerated(company, seed), "s");
        for (const [name, pod] of alone) expect(among.get(name)).toEqual(pod);
      }),
      { numRuns: 20 },
    );
  });

  it("always has its rows in order of time, with distinct names", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { pods } = drawGenerated(workload({ arrivals: [stream("s", 5), stream("t", 3)] }), seed);
        expect(pods.arrivalUs).toEqual(pods.arrivalUs.toSorted());
        const names = Array.from({ length: pods.count }, (_, row) => pods.nameOf(row));
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 20 },
    );
  });
});
