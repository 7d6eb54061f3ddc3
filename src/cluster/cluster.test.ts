import { describe, expect, it } from "vitest";
import type { PodSpec } from "../kubernetes/pod.ts";
import { clusterDigest } from "../testing/cluster-digest.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { CPU, MEMORY } from "./node-columns.ts";
import type { PodTemplate } from "./specs.ts";

const pod: PodTemplate = {
  name: "p",
  object: {
    kind: "Pod",
    spec: { containers: [{ resources: { requests: { cpu: "500m" } }, ports: [{ hostPort: 80 }] }] },
  },
  devices: { count: 1, milli: 250 },
};

describe("Cluster", () => {
  it("counts what a pod takes, with defaults for what it does not say, and gives it back", () => {
    const { cluster, row } = drawCluster("node  cpu  memory  devices\nn     4    8Gi     2 A");
    const { nodes } = cluster;
    const n = row("n");
    const kind = cluster.kind(pod);
    cluster.assume(7, kind, n, 0b10);
    expect(nodes.requested[CPU][n]).toBe(500);
    expect(nodes.requested[MEMORY][n]).toBe(0);
    expect(nodes.nonZeroMemory[n]).toBe(200 * 2 ** 20);
    expect(nodes.podCount[n]).toBe(1);
    expect([...cluster.portsOn(n)]).toEqual([{ protocol: "TCP", ip: "0.0.0.0", port: 80 }]);
    expect(nodes.devices.free[nodes.devices.first[n] + 1]).toBe(750);
    expect([cluster.nodeOf(7), cluster.devicesOf(7), cluster.placedPods]).toEqual([n, 0b10, 1]);
    cluster.release(7);
    expect([nodes.requested[CPU][n], nodes.nonZeroMemory[n], nodes.podCount[n]]).toEqual([0, 0, 0]);
    expect(nodes.devices.free[nodes.devices.first[n] + 1]).toBe(1000);
    expect([...cluster.portsOn(n)]).toEqual([]);
    expect([cluster.nodeOf(7), cluster.placedPods]).toEqual([-1, 0]);
  });

  it("moves the last pod of a node into the place of one that leaves", () => {
    const { cluster, row } = drawCluster("node\nn");
    const kind = cluster.kind({ name: "p", object: { kind: "Pod" } });
    for (const pod of [1, 2, 3, 4]) cluster.assume(pod, kind, row("n"), 0);
    cluster.release(2);
    expect(cluster.podsOn(row("n"))).toEqual([1, 4, 3]);
    cluster.release(4);
    expect(cluster.podsOn(row("n"))).toEqual([1, 3]);
  });

  it("gives equal templates one kind", () => {
    const { cluster } = drawCluster("node\nn");
    expect(cluster.kind({ ...pod, name: "another" })).toBe(cluster.kind(pod));
    expect(cluster.kind({ ...pod, devices: { count: 1, milli: 300 } })).not.toBe(cluster.kind(pod));
  });

  it("gives pods whose claims are made for them kinds of their own", () => {
    const { cluster } = drawCluster("node\nn");
    const named = (name: string, spec: PodSpec) =>
      cluster.kind({ name: "p", object: { kind: "Pod", metadata: { name }, spec } });
    const scratch = { volumes: [{ name: "scratch", ephemeral: {} }] };
    expect(named("a", scratch)).not.toBe(named("b", scratch));
    const made = { resourceClaims: [{ name: "gpu", resourceClaimTemplateName: "one" }] };
    expect(named("a", made)).not.toBe(named("b", made));
    const shared = { resourceClaims: [{ name: "gpu", resourceClaimName: "shared" }] };
    expect(named("a", shared)).toBe(named("b", shared));
  });

  it("knows the nodes whose sums doubles may have rounded, and what their pods ask for in full", () => {
    const { cluster, row } = drawCluster("node  memory\nn     8Gi\nm     8Gi\nvast  8Ei");
    const { nodes } = cluster;
    const huge = () => ["n", "m", "vast"].map((name) => nodes.huge[row(name)]);
    expect([huge(), nodes.hugeNodes]).toEqual([[0, 0, 1], 1]);
    // 2^64 + 3 wraps around to 3, 2^62 + 1 is no double.
    const asking = (...memory: string[]) =>
      cluster.kind({
        name: "p",
        object: {
          kind: "Pod",
          spec: { containers: memory.map((m) => ({ resources: { requests: { memory: m } } })) },
        },
      });
    const odd = asking("4611686018427387905");
    expect(odd.requests.exactly(MEMORY)).toBe(2n ** 62n + 1n);
    expect(asking("4Ei", "4Ei", "4Ei", "4Ei", "3").requests.exactly(MEMORY)).toBe(3n);
    expect([odd.huge, asking("8Gi").huge]).toEqual([true, false]);
    cluster.assume(1, odd, row("m"), 0);
    cluster.release(1);
    expect([huge(), nodes.hugeNodes]).toEqual([[0, 1, 1], 2]);
  });

  it("logs every change of a node, and is another cluster after it", () => {
    const drawn = drawCluster("node  cpu\nn     4");
    const { cluster, row } = drawn;
    const before = clusterDigest(cluster);
    const end = cluster.changes.end;
    cluster.updateNode(row("n"), drawCluster("node  cpu\nn     8").nodes[0]);
    expect(cluster.changes.at(end)).toBe(row("n"));
    expect(clusterDigest(cluster)).not.toBe(before);
  });
});
