import { describe, expect, it } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import type { PodGroupObject, PodGroupPolicy } from "../kubernetes/pod-group.ts";
import type { PodGroupLookup } from "../scheduler/pod-groups.ts";
import { gangScheduling } from "./gang-scheduling.ts";

function group(schedulingPolicy: PodGroupPolicy, namespace = "default"): PodGroupObject {
  return { kind: "PodGroup", metadata: { name: "g", namespace }, spec: { schedulingPolicy } };
}

const gang = (minCount: number) => group({ gang: { minCount } });

function clusterWith(...podGroups: PodGroupObject[]): Cluster {
  const cluster = new Cluster();
  cluster.objects = { ...NO_OBJECTS, podGroups };
  return cluster;
}

function member(cluster: Cluster, podGroupName?: string) {
  const spec = podGroupName === undefined ? {} : { schedulingGroup: { podGroupName } };
  return cluster.kind({ name: "p", object: { kind: "Pod", spec } });
}

const there =
  (all: number, scheduled = 0): PodGroupLookup =>
  () => ({ all, scheduled });

describe("PreEnqueue of GangScheduling", () => {
  function gate(groups: PodGroupObject[], all: number, name: string | undefined = "g") {
    const cluster = clusterWith(...groups);
    const status = gangScheduling.preEnqueue?.(member(cluster, name), cluster.objects, there(all));
    return status && [status.code, ...status.reasons];
  }

  it("lets pods without group pass, and those of a basic group whenever they come", () => {
    const cluster = clusterWith();
    expect(gangScheduling.preEnqueue?.(member(cluster), cluster.objects, there(0))).toBeUndefined();
    expect(gate([group({ basic: {} })], 1)).toBeUndefined();
  });

  it("keeps a pod back whose group is not there, or is another namespace's", () => {
    const missing = [
      "UnschedulableAndUnresolvable",
      'waiting for pods\'s pod group "g" to appear in scheduling queue',
    ];
    expect(gate([], 5)).toEqual(missing);
    expect(gate([group({ gang: { minCount: 1 } }, "other")], 5)).toEqual(missing);
  });

  it("keeps the pods of a gang back until so many are there as it needs", () => {
    expect(gate([gang(3)], 2)).toEqual([
      "UnschedulableAndUnresolvable",
      "waiting for minCount pods from a gang to appear in scheduling queue",
    ]);
    expect(gate([gang(3)], 3)).toBeUndefined();
    const cluster = clusterWith(gang(3));
    expect(gangScheduling.preEnqueue?.(member(cluster, "g"), cluster.objects)).toBeUndefined();
  });
});

describe("PlacementFeasible of GangScheduling", () => {
  const judge = (object: PodGroupObject, scheduled: number, remaining: number) =>
    gangScheduling.placementFeasible?.(object, { scheduled, remaining });

  it("says how many are missing, and gives up when there are too few left", () => {
    expect(judge(gang(3), 1, 2)).toEqual({
      wait: "minCount (3) is not yet satisfied: 1 scheduled, 2 remaining",
    });
    expect(judge(gang(3), 1, 1)).toEqual({
      rejected: {
        code: "Unschedulable",
        reasons: ["minCount (3) cannot be satisfied: 1 scheduled, 1 remaining"],
      },
    });
    expect(judge(gang(3), 3, 0)).toBeUndefined();
  });

  it("needs one pod of a basic group", () => {
    expect(judge(group({ basic: {} }), 0, 1)).toHaveProperty("wait");
    expect(judge(group({ basic: {} }), 1, 5)).toBeUndefined();
  });
});

describe("Permit of GangScheduling", () => {
  function permit(object: PodGroupObject, scheduled: number, name: string | undefined = "g") {
    const cluster = clusterWith(object);
    const cycle = { pod: member(cluster, name), row: 0, nodes: cluster.nodes, cluster };
    return gangScheduling.permit?.(cycle, 0, there(9, scheduled));
  }

  it("lets a pod of a gang wait for five minutes until enough have a place", () => {
    expect(permit(gang(3), 2)).toEqual({ wait: 300e6 });
    expect(permit(gang(3), 3)).toBe("allow");
    expect(permit(group({ basic: {} }), 1)).toBe("allow");
  });
});
