import { describe, expect, it } from "vitest";
import { CPU, MEMORY } from "../cluster/node-columns.ts";
import { drawCluster } from "./draw-cluster.ts";

const table = `
  node   cpu       memory    zone  taints                    example.com/npu  devices
  n1     2/4       1Gi/8Gi   a                               1/4
  n2     0/4       0/8Gi     b     dedicated=gpu:NoSchedule  -                4 A100
`;

describe("drawCluster", () => {
  it("reads nodes and what is used on them", () => {
    const { cluster, row, placed } = drawCluster(table);
    const { nodes } = cluster;
    expect([...nodes.order].map((node) => nodes.name(node))).toEqual(["n1", "n2"]);
    expect(nodes.allocatable[CPU][row("n1")]).toBe(4000);
    expect(nodes.requested[CPU][row("n1")]).toBe(2000);
    expect(nodes.nonZeroMemory[row("n1")]).toBe(2 ** 30);
    expect(nodes.allocatable[MEMORY][row("n2")]).toBe(8 * 2 ** 30);
    expect(nodes.requested[nodes.resources.find("example.com/npu")!][row("n1")]).toBe(1);
    expect(nodes.taintSets[nodes.taintSet[row("n2")]]).toEqual([
      { key: "dedicated", value: "gpu", effect: "NoSchedule" },
    ]);
    expect(nodes.devices.count[row("n2")]).toBe(4);
    expect(nodes.label("topology.kubernetes.io/zone")[row("n2")]).toBe(
      nodes.labelValue("topology.kubernetes.io/zone", "b"),
    );
    expect(placed.map(({ node }) => node)).toEqual(["n1"]);
  });

  it("says which heading it does not know, and which cell stands wrong", () => {
    expect(() => drawCluster("node cpus\nn1   4")).toThrow('unknown column: "cpus", did you mean cpu?');
    expect(() => drawCluster("node cpu\nlong-name 4")).toThrow("begin each cell under its heading");
  });
});
