import { describe, expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { Nominations } from "./nominations.ts";
import { SchedulingCycle } from "./scheduling-cycle.ts";

const POD = 50;
const OTHER = 60;

function asking(cpu: string, spec: PodSpec = {}, labels: Readonly<Record<string, string>> = {}): PodTemplate {
  const containers = [{ resources: { requests: { cpu } } }];
  return { name: "p", object: { kind: "Pod", metadata: { labels }, spec: { ...spec, containers } } };
}

function world(table: string, profile = "default", sample?: number) {
  const drawn = drawCluster(table);
  const { cluster } = drawn;
  const nominations = new Nominations();
  const cycle = new SchedulingCycle({
    cluster,
    profile: shippedProfile(profile),
    seed: 1,
    nominations,
    ...(sample !== undefined && { numFeasibleNodesToFind: () => sample }),
  });
  return {
    ...drawn,
    cycle,
    nominations,
    nominate: (row: number, template: PodTemplate, node: number) =>
      nominations.nominate(row, cluster.kind(template), node),
    run: (template: PodTemplate) => ({ ...cycle.run(POD, cluster.kind(template), 1) }),
  };
}

describe("a pod that is nominated to a node", () => {
  it("takes that node when it fits, unscored, and the next search starts where it would have", () => {
    const { run, nominate, cycle } = world("node  cpu\nn1    0/8\nn2    0/8\nn3    4/8");
    nominate(POD, asking("1"), 2);
    expect(run(asking("1"))).toMatchObject({ node: 2, feasible: 1, evaluated: 1, score: -1, tied: 1 });
    expect(cycle.nextStart).toBe(0);
  });

  it("is searched for elsewhere when the node fails, which is counted once if the search comes by", () => {
    const { run, nominate, cycle } = world("node  cpu\nn1    4/4\nn2    0/4\nn3    0/4", "first-fit");
    nominate(POD, asking("1"), 0);
    expect(run(asking("1"))).toMatchObject({ node: 1, feasible: 2, evaluated: 3 });
    expect(cycle.nextStart).toBe(0);
  });

  it("is searched for elsewhere when the node fails, which is counted also if the search ends before it", () => {
    const { run, nominate, cycle } = world("node  cpu\nn1    0/4\nn2    0/4\nn3    4/4", "first-fit", 1);
    nominate(POD, asking("1"), 2);
    expect(run(asking("1"))).toMatchObject({ node: 0, feasible: 1, evaluated: 2 });
    expect(cycle.nextStart).toBe(2);
  });

  it("is searched for among all nodes when the node is gone", () => {
    const { run, nominate, cluster } = world("node  cpu\nn1    0/4\nn2    0/4");
    nominate(POD, asking("1"), 1);
    cluster.removeNode(1);
    expect(run(asking("1"))).toMatchObject({ node: 0, feasible: 1, evaluated: 1 });
  });
});

describe("a pod beside others that are nominated", () => {
  it.each([
    ["no less important", 5, 5, 1],
    ["more important", 9, 5, 1],
    ["less important", 4, 5, 0],
  ])("makes room on their node only for those that are %s", (_, theirs, own, node) => {
    const { run, nominate } = world("node  cpu\nn1    0/4\nn2    0/4", "first-fit");
    nominate(OTHER, asking("4", { priority: theirs }), 0);
    expect(run(asking("1", { priority: own })).node).toBe(node);
  });

  it("does not mind its own nomination", () => {
    const { run, nominate } = world("node  cpu\nn1    0/4");
    nominate(POD, asking("3"), 0);
    expect(run(asking("3")).node).toBe(0);
  });

  it("does not count on them: a node must do without them as well", () => {
    const affinity = {
      podAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: { app: "db" } }, topologyKey: "host" },
        ],
      },
    };
    const table = "node  cpu  labels\nn1    0/4  host=n1";
    const { run, nominate, cluster } = world(table);
    nominate(OTHER, asking("1", {}, { app: "db" }), 0);
    expect(run(asking("1", { affinity })).node).toBe(-1);
    cluster.assume(70, cluster.kind(asking("1", {}, { app: "db" })), 0, 0);
    expect(run(asking("1", { affinity })).node).toBe(0);
  });

  it("says which plugin rejected the node because of them, and leaves the cluster as it was", () => {
    const { run, nominate, cluster } = world("node  cpu\nn1    1/4");
    nominate(OTHER, asking("3"), 0);
    const { node, rejectors, mainRejector } = run(asking("1"));
    const fit = shippedProfile("default").plugins.findIndex(
      ({ plugin }) => plugin.name === "NodeResourcesFit",
    );
    expect([node, rejectors, mainRejector]).toEqual([-1, 1 << fit, fit]);
    expect([cluster.nodes.requested[0][0], cluster.podsOn(0)]).toEqual([1000, [0]]);
  });
});
