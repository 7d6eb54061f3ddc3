import { describe, expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { SchedulingCycle } from "./scheduling-cycle.ts";

const six = `
node  cpu
n1    0/4
n2    4/4
n3    0/4
n4    0/4
n5    4/4
n6    0/4
`;

function pod(cpu: string, spec: PodTemplate["object"]["spec"] = {}): PodTemplate {
  const containers = [{ resources: { requests: { cpu } } }];
  return { name: "p", object: { kind: "Pod", spec: { ...spec, containers } } };
}

function cycleOver(table: string, profile: string, sample?: number) {
  const drawn = drawCluster(table);
  const { cluster } = drawn;
  const cycle = new SchedulingCycle({
    cluster,
    profile: shippedProfile(profile),
    seed: 1,
    ...(sample !== undefined && { numFeasibleNodesToFind: () => sample }),
  });
  const run = (row: number, template: PodTemplate) => ({ ...cycle.run(row, cluster.kind(template), 1) });
  return { ...drawn, cycle, run };
}

describe("SchedulingCycle", () => {
  it("stops at the feasible node after the last one wanted, and starts there next time", () => {
    const { cycle, run } = cycleOver(six, "first-fit", 2);
    expect(run(10, pod("1"))).toMatchObject({ node: 0, feasible: 2, evaluated: 3 });
    expect(cycle.nextStart).toBe(3);
    // n4, n6, and round the corner to n1.
    expect(run(11, pod("1"))).toMatchObject({ feasible: 2, evaluated: 3 });
    expect([...cycle.feasible.rows.subarray(0, 2)]).toEqual([3, 5]);
    expect(cycle.nextStart).toBe(0);
  });

  it("takes the only feasible node without scoring", () => {
    const { run } = cycleOver("node  cpu\nn1    0/4\nn2    4/4", "default");
    expect(run(10, pod("1"))).toMatchObject({ node: 0, feasible: 1, evaluated: 2, score: -1, tied: 1 });
  });

  it("scores two or more", () => {
    const { run, row } = cycleOver("node  cpu   memory\nn1    2/4   0/8Gi\nn2    0/4   0/8Gi", "default");
    // Least allocated: n1 (25 + 97) / 2 = 61, n2 (75 + 97) / 2 = 86. Balance: n1 62 after, 75 before; n2 87, 100.
    // n1: 300 + 61 + 50 + trunc(37 / 2) = 429; n2: 300 + 86 + 68 = 454.
    expect(run(10, pod("1"))).toMatchObject({ node: row("n2"), feasible: 2, tied: 1, score: 454 });
  });

  it("says who rejected, and who most", () => {
    const { run } = cycleOver(
      "node  cpu   taints\nn1    4/4\nn2    4/4\nn3    0/4   a=1:NoSchedule",
      "default",
    );
    const names = shippedProfile("default").plugins.map(({ plugin }) => plugin.name);
    const outcome = run(10, pod("1"));
    expect(outcome).toMatchObject({ node: -1, feasible: 0, evaluated: 3 });
    expect(names.filter((_, p) => (outcome.rejectors >> p) & 1)).toEqual([
      "TaintToleration",
      "NodeResourcesFit",
    ]);
    expect(names[outcome.mainRejector]).toBe("NodeResourcesFit");
  });

  it("looks only at nodes that the pod names, and leaves the search as if others had been looked at", () => {
    const { cycle, run, row } = cycleOver(six, "default");
    expect(run(10, pod("1", { nodeName: "n4" }))).toMatchObject({ node: row("n4"), evaluated: 1 });
    expect(cycle.nextStart).toBe(1);
  });

  it("finds no node for a pod whose node is not there, and says on whose account", () => {
    const { cycle, run } = cycleOver(six, "default");
    const names = shippedProfile("default").plugins.map(({ plugin }) => plugin.name);
    const outcome = run(10, pod("1", { nodeName: "gone" }));
    expect(outcome).toMatchObject({ node: -1, feasible: 0, evaluated: 0, preFilterStatus: undefined });
    expect(names[outcome.mainRejector]).toBe("NodeName");
    expect(cycle.nextStart).toBe(0);
  });

  it("asks no plugin when there are no nodes", () => {
    const { run } = cycleOver("node", "default");
    expect(run(10, pod("1", { nodeName: "gone" }))).toMatchObject({
      node: -1,
      rejectors: 0,
      mainRejector: -1,
    });
  });
});
