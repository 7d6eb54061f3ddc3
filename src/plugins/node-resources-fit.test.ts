import { describe, expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import type { Plugin } from "../scheduler/plugin.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor, rowsThatPass, scoresOf } from "../testing/plugin-observations.ts";
import { nodeResourcesFit, type ScoringStrategy } from "./node-resources-fit.ts";

function pod(requests: Record<string, string> = {}): PodTemplate {
  return { name: "p", object: { kind: "Pod", spec: { containers: [{ resources: { requests } }] } } };
}

/** The score of the only node of a table. */
function score(strategy: ScoringStrategy, table: string, template: PodTemplate): number | undefined {
  const { cluster, row } = drawCluster(table);
  const plugin = nodeResourcesFit({ scoringStrategy: strategy });
  return scoresOf(plugin, cycleFor(cluster, template), [row("n")])?.raw[0];
}

describe("NodeResourcesFit scores", () => {
  it.each([
    [0, 97, 1],
    [1, 95, 4],
    [2, 93, 5],
    [10, 77, 21],
    [38, 21, 78],
    [39, 19, 80],
  ])("a node of 4 cpu and 32Gi with %i pods of 100m and 500Mi: least %i, most %i", (pods, least, most) => {
    const used = `${pods * 100}m/4`.padEnd(8);
    const table = `node cpu     memory\nn    ${used}${pods * 500}Mi/32Gi`;
    const incoming = pod({ cpu: "100m", memory: "500Mi" });
    expect(score({ type: "LeastAllocated" }, table, incoming)).toBe(least);
    expect(score({ type: "MostAllocated" }, table, incoming)).toBe(most);
  });

  it("takes containers that ask for nothing for 100m and 200Mi, on the node too", () => {
    const { cluster, row } = drawCluster("node cpu memory\nn    4   32Gi");
    const plugin = nodeResourcesFit();
    const leastOf = () => scoresOf(plugin, cycleFor(cluster, pod()), [row("n")])?.raw;
    expect(leastOf()).toEqual([98]);
    for (let i = 0; i < 5; i++) cluster.assume(i, cluster.kind(pod()), row("n"), 0);
    expect(leastOf()).toEqual([90]);
  });

  const weights = (cpu: number, memory: number) => [
    { name: "cpu", weight: cpu },
    { name: "memory", weight: memory },
  ];
  const falling = [
    { utilization: 0, score: 10 },
    { utilization: 100, score: 0 },
  ];
  const rising = [
    { utilization: 0, score: 0 },
    { utilization: 100, score: 10 },
  ];

  it.each([
    [falling, weights(1, 1), "3", 38],
    [rising, weights(3, 5), "3", 59],
    // cpu scores 0 and leaves the mean.
    [falling, weights(1, 1), "4", 50],
  ])(
    "by the shape %j and weights %j with %s of 4 cpu and half the memory: %i",
    (shape, resources, cpu, expected) => {
      const table = "node cpu memory\nn    4   10000";
      const strategy: ScoringStrategy = { type: "RequestedToCapacityRatio", shape, resources };
      expect(score(strategy, table, pod({ cpu, memory: "5000" }))).toBe(expected);
    },
  );

  it("refuses a weight and a shape that mean nothing", () => {
    expect(() => score({ type: "LeastAllocated", resources: weights(0, 1) }, "node\nn", pod())).toThrow(
      "invalid resource weight of cpu: 0",
    );
    expect(() => score({ type: "RequestedToCapacityRatio", shape: [] }, "node\nn", pod())).toThrow(
      "invalid shape",
    );
  });
});

const npuClass = {
  deviceClasses: [
    {
      kind: "DeviceClass" as const,
      metadata: { name: "npu" },
      spec: { extendedResourceName: "example.com/npu" },
    },
  ],
};

describe("NodeResourcesFit filters", () => {
  const table = `
node  cpu   memory   pods  example.com/npu
full  4/4   1Gi/8Gi  110   0/1
room  1/4   1Gi/8Gi  110   1/1
small 0/1   0/8Gi    1     0/1
`;

  it("keeps nodes with room, and says what the others lack", () => {
    const { cluster, row } = drawCluster(table);
    const cycle = cycleFor(cluster, pod({ cpu: "2", "example.com/npu": "1" }));
    const plugin = nodeResourcesFit();
    expect(rowsThatPass(plugin, cycle, [row("full"), row("room"), row("small")])).toEqual([]);
    const judge = plugin.judge?.(cycle);
    expect(judge?.(row("full"))).toEqual({ code: "Unschedulable", reasons: ["Insufficient cpu"] });
    expect(judge?.(row("room"))).toEqual({
      code: "Unschedulable",
      reasons: ["Insufficient example.com/npu"],
    });
    // More than the whole node has: no pod that leaves will help.
    expect(judge?.(row("small"))).toEqual({
      code: "UnschedulableAndUnresolvable",
      reasons: ["Insufficient cpu"],
    });
    expect(rowsThatPass(plugin, cycleFor(cluster, pod({ cpu: "1" })), [row("full"), row("room")])).toEqual([
      row("room"),
    ]);
  });

  it("does not look at ignored extended resources, by name or by group", () => {
    const { cluster, row } = drawCluster(table);
    const cycle = cycleFor(cluster, pod({ "example.com/npu": "1" }));
    const passes = (plugin: Plugin) => rowsThatPass(plugin, cycle, [row("room")]).length === 1;
    expect(passes(nodeResourcesFit())).toBe(false);
    expect(passes(nodeResourcesFit({ ignoredResources: ["example.com/npu"] }))).toBe(true);
    expect(passes(nodeResourcesFit({ ignoredResourceGroups: ["example.com"] }))).toBe(true);
    // Only extended resources can be ignored.
    const heavy = cycleFor(cluster, pod({ cpu: "4" }));
    expect(rowsThatPass(nodeResourcesFit({ ignoredResources: ["cpu"] }), heavy, [row("room")])).toEqual([]);
  });

  it("leaves to devices what a class of devices provides and the node does not offer", () => {
    const { cluster, row } = drawCluster("node  cpu  example.com/npu\nplain 4    -\nfull  4    1/1");
    cluster.objects = { ...NO_OBJECTS, ...npuClass };
    const cycle = cycleFor(cluster, pod({ "example.com/npu": "1" }));
    const plugin = nodeResourcesFit();
    expect(rowsThatPass(plugin, cycle, [row("plain"), row("full")])).toEqual([row("plain")]);
    cluster.objects = NO_OBJECTS;
    expect(plugin.judge?.(cycle)?.(row("plain"))?.reasons).toEqual(["Insufficient example.com/npu"]);
  });

  it("scores what devices provide by the devices of the class that the node may use", () => {
    const { cluster, row } = drawCluster("node\nn\nm");
    const slice = {
      nodeName: "n",
      driver: "npu.example.com",
      pool: { name: "n", generation: 1, resourceSliceCount: 1 },
      devices: ["d1", "d2", "d3", "d4"].map((name) => ({ name })),
    };
    const results = [{ driver: "npu.example.com", pool: "n", device: "d2" }];
    const held = { metadata: { name: "c" }, status: { allocation: { devices: { results } } } };
    cluster.objects = {
      ...NO_OBJECTS,
      ...npuClass,
      resourceSlices: [{ kind: "ResourceSlice", spec: slice }],
      resourceClaims: [{ kind: "ResourceClaim", ...held }],
    };
    const resources = [{ name: "example.com/npu", weight: 1 }];
    const plugin = nodeResourcesFit({ scoringStrategy: { type: "MostAllocated", resources } });
    const cycle = cycleFor(cluster, pod({ "example.com/npu": "1" }));
    // One of four is taken and the pod wants one; the other node has none, so that nothing counts there.
    expect(scoresOf(plugin, cycle, [row("n"), row("m")])?.raw).toEqual([50, 0]);
  });

  it("counts pods", () => {
    const { cluster, row } = drawCluster(table);
    cluster.assume(100, cluster.kind(pod()), row("small"), 0);
    expect(nodeResourcesFit().judge?.(cycleFor(cluster, pod()))?.(row("small"))).toEqual({
      code: "Unschedulable",
      reasons: ["Too many pods"],
    });
  });
});
