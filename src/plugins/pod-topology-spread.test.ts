import { describe, expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import type { TopologySpreadConstraint } from "../kubernetes/affinity.ts";
import { NO_OBJECTS } from "../kubernetes/no-objects.ts";
import type { ObjectMeta, StringRecord } from "../kubernetes/object-meta.ts";
import type { PodSpec } from "../kubernetes/pod.ts";
import { type DrawnCluster, drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor, rowsThatPass, scoresOf } from "../testing/plugin-observations.ts";
import { podTopologySpread } from "./pod-topology-spread.ts";

const WEB: StringRecord = { app: "web" };
const ZONE = "topology.kubernetes.io/zone";
const plugin = podTopologySpread();

function pod(metadata: ObjectMeta, spec: PodSpec = {}): PodTemplate {
  return { name: "p", object: { kind: "Pod", metadata, spec } };
}

function spreading(constraint: Partial<TopologySpreadConstraint>, spec: PodSpec = {}): PodTemplate {
  return pod(
    { labels: WEB },
    {
      ...spec,
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: ZONE,
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector: { matchLabels: WEB },
          ...constraint,
        },
      ],
    },
  );
}

/** One node in each of the zones, with so many pods of the template on it. */
function zones(counts: readonly number[], template = pod({ labels: WEB })): DrawnCluster {
  const lines = counts.map((_, i) => `n${i}    z${i}`);
  const drawn = drawCluster(["node  zone", ...lines].join("\n"));
  let row = 0;
  counts.forEach((count, i) => {
    for (let n = 0; n < count; n++) drawn.cluster.assume(row++, drawn.cluster.kind(template), i, 0);
  });
  return drawn;
}

function passing({ cluster }: DrawnCluster, template: PodTemplate): string[] {
  const rows = rowsThatPass(plugin, cycleFor(cluster, template), [...cluster.nodes.order]);
  return rows.map((node) => cluster.nodes.name(node));
}

describe("PodTopologySpread", () => {
  it("skips a pod that has no constraint and that nothing selects", () => {
    const { cluster } = zones([1, 0]);
    const cycle = cycleFor(cluster, pod({ labels: WEB }));
    expect(plugin.filter?.(cycle)).toBeUndefined();
    expect(plugin.whatIf?.(cycle)).toBeUndefined();
    expect(plugin.score?.(cycle)).toBeUndefined();
  });

  it.each<[string, number[], PodTemplate, string[]]>([
    ["as the skew has it", [2, 1, 1], spreading({}), ["n1", "n2"]],
    ["by a greater skew", [3, 1, 2], spreading({ maxSkew: 2 }), ["n1", "n2"]],
    ["from an empty minimum when there are too few domains", [1, 1], spreading({ minDomains: 3 }), []],
    [
      "with every pod when the selector is empty, which counts none",
      [5, 0],
      spreading({ labelSelector: {} }),
      ["n0", "n1"],
    ],
    [
      "by the value of a label key",
      [2, 0],
      spreading({ labelSelector: {}, matchLabelKeys: ["app"] }),
      ["n1"],
    ],
    [
      "among the nodes that the pod may use",
      [1, 0],
      spreading({}, { nodeSelector: { "kubernetes.io/hostname": "n0" } }),
      ["n0", "n1"],
    ],
    [
      "among all nodes when affinity is to be ignored",
      [1, 0],
      spreading({ nodeAffinityPolicy: "Ignore" }, { nodeSelector: { "kubernetes.io/hostname": "n0" } }),
      ["n1"],
    ],
  ])("spreads %s", (_, counts, template, expected) => {
    expect(passing(zones(counts), template)).toEqual(expected);
  });

  it("does not count pods that are being deleted", () => {
    const terminating = pod({ labels: WEB, deletionTimestamp: "2030-01-01T00:00:00Z" });
    expect(passing(zones([3, 0], terminating), spreading({}))).toEqual(["n0", "n1"]);
  });

  it("leaves out domains of nodes with taints that the pod does not tolerate, when they are to be honoured", () => {
    const drawn = drawCluster(`
node  zone  taints
n1    a     -
n2    b     dedicated=gpu:NoSchedule
`);
    drawn.cluster.assume(0, drawn.cluster.kind(pod({ labels: WEB })), drawn.row("n1"), 0);
    expect(passing(drawn, spreading({}))).toEqual(["n2"]);
    expect(passing(drawn, spreading({ nodeTaintsPolicy: "Honor" }))).toEqual(["n1", "n2"]);
  });

  it("says why, and that a missing label cannot be helped", () => {
    const drawn = zones([1, 0]);
    const bare = drawn.cluster.addNode({ object: { kind: "Node", metadata: { name: "bare" } } });
    const judge = plugin.judge?.(cycleFor(drawn.cluster, spreading({})));
    expect([0, 1, bare].map((node) => judge?.(node))).toEqual([
      { code: "Unschedulable", reasons: ["node(s) didn't match pod topology spread constraints"] },
      undefined,
      {
        code: "UnschedulableAndUnresolvable",
        reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
      },
    ]);
  });

  it("judges with pods put on nodes and taken off them in thought, and counts anew in the next cycle", () => {
    const { cluster } = zones([2, 1]);
    const template = spreading({});
    const cycle = cycleFor(cluster, template);
    const web = cluster.kind(pod({ labels: WEB }));
    const whatIf = plugin.whatIf?.(cycle);
    expect(whatIf?.judge(0)?.code).toBe("Unschedulable");
    whatIf?.removePod(0, web, 0);
    expect(whatIf?.judge(0)).toBeUndefined();
    whatIf?.addPod(0, web, 0);
    expect(whatIf?.judge(0)?.code).toBe("Unschedulable");
    whatIf?.addPod(9, cluster.kind(pod({ labels: WEB, namespace: "elsewhere" })), 1);
    expect(whatIf?.judge(0)?.code).toBe("Unschedulable");
    // Another question of the same cycle begins where the cycle began.
    whatIf?.removePod(0, web, 0);
    expect(plugin.whatIf?.(cycle)?.judge(0)?.code).toBe("Unschedulable");
    cluster.release(0);
    expect(plugin.judge?.(cycleFor(cluster, template))?.(0)).toBeUndefined();
  });

  it.each([
    { counts: [0, 1, 5], maxSkew: 5, raw: [4, 6, 12], normalized: [100, 83, 33] },
    { counts: [4, 3, 2, 1], maxSkew: 1, raw: [7, 5, 4, 2], normalized: [28, 57, 71, 100] },
  ])("scores $counts pods in as many zones as $normalized", ({ counts, maxSkew, raw, normalized }) => {
    const { cluster } = zones(counts);
    const cycle = cycleFor(cluster, spreading({ maxSkew, whenUnsatisfiable: "ScheduleAnyway" }));
    const scores = scoresOf(plugin, cycle, [...counts.keys()]);
    expect(scores?.raw).toEqual(raw);
    expect(scores?.normalized).toEqual(normalized);
  });

  it("scores by the system's defaults what a service selects, also where there is no zone", () => {
    const drawn = drawCluster(`
node  zone
n1    a
n2    a
n3    b
n4    b
n5    c
n6    c
`);
    const { cluster } = drawn;
    const template = pod({ labels: WEB });
    ["n1", "n1", "n3"].forEach((name, row) => {
      cluster.assume(row, cluster.kind(template), drawn.row(name), 0);
    });
    cluster.objects = { ...NO_OBJECTS, services: [{ kind: "Service", spec: { selector: WEB } }] };
    const rows = ["n1", "n2", "n3", "n4", "n5", "n6"].map(drawn.row);
    const scores = scoresOf(plugin, cycleFor(cluster, template), rows);
    expect(scores?.raw).toEqual([13, 9, 10, 8, 6, 6]);
    expect(scores?.normalized).toEqual([46, 76, 69, 84, 100, 100]);

    const bare = cluster.addNode({
      object: { kind: "Node", metadata: { name: "bare", labels: { "kubernetes.io/hostname": "bare" } } },
    });
    expect(scoresOf(plugin, cycleFor(cluster, template), [bare, rows[4]])?.raw).toEqual([2, 6]);
    // Listed defaults leave such a node out.
    const listed = podTopologySpread({
      defaultingType: "List",
      defaultConstraints: [{ maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: "ScheduleAnyway" }],
    });
    expect(scoresOf(listed, cycleFor(cluster, template), [bare, rows[4]])?.normalized).toEqual([0, 100]);
  });

  it("selects by the controller of a pod, and anew when the objects change", () => {
    const { cluster } = zones([1, 0]);
    const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", controller: true };
    const cycle = cycleFor(cluster, pod({ labels: WEB, ownerReferences: [owner] }));
    expect(plugin.score?.(cycle)).toBeUndefined();
    const metadata = { name: "web" };
    cluster.objects = {
      ...NO_OBJECTS,
      owners: [{ kind: "ReplicaSet", metadata, spec: { selector: { matchLabels: WEB } } }],
    };
    expect(scoresOf(plugin, cycle, [0, 1])?.raw).toEqual([9, 6]);
    cluster.objects = { ...NO_OBJECTS, owners: [{ kind: "ReplicaSet", metadata, spec: {} }] };
    expect(plugin.score?.(cycle)).toBeUndefined();
  });
});
