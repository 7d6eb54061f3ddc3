import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraries } from "../testing/arbitraries.ts";
import { clusterDigest } from "../testing/cluster-digest.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { Cluster } from "./cluster.ts";
import type { PodTemplate } from "./specs.ts";

const taking = (cpu: string, hostPort?: number): PodTemplate => ({
  name: "p",
  object: {
    kind: "Pod",
    spec: { containers: [{ resources: { requests: { cpu } }, ports: hostPort ? [{ hostPort }] : [] }] },
  },
});

describe("a supposition", () => {
  it("shows pods that come and go in the columns of its node, and nowhere else", () => {
    const { cluster, row } = drawCluster("node  cpu\nn1    0/4\nn2    0/4");
    const { nodes, changes } = cluster;
    const there = cluster.kind(taking("1", 80));
    cluster.assume(0, there, row("n1"), 0);
    const logged = [changes.end, nodes.placements.end];
    const supposition = cluster.suppose(row("n1"));
    supposition.remove(0);
    expect([nodes.requested[0][0], nodes.podCount[0], cluster.podsOn(0), [...cluster.portsOn(0)]]).toEqual([
      0,
      0,
      [],
      [],
    ]);
    supposition.add(9, cluster.kind(taking("3")));
    expect([nodes.requested[0][0], nodes.podCount[0], cluster.podsOn(0)]).toEqual([3000, 1, [9]]);
    expect(cluster.kindOf(9)).toBe(cluster.kind(taking("3")));
    supposition.end();
    expect([nodes.requested[0][0], cluster.podsOn(0), [...cluster.portsOn(0)].length]).toEqual([
      1000,
      [0],
      1,
    ]);
    expect([changes.end, nodes.placements.end]).toEqual(logged);
    expect(cluster.nodeOf(9)).toBe(-1);
  });

  it("gives a pod that comes back the devices that it had", () => {
    const { cluster } = drawCluster("node  cpu  devices\nn1    4    2 A");
    const { devices } = cluster.nodes;
    const shared: PodTemplate = { ...taking("1"), devices: { count: 1, milli: 300 } };
    cluster.assume(0, cluster.kind(shared), 0, 0b10);
    const supposition = cluster.suppose(0);
    supposition.remove(0);
    expect(devices.wholeFree[0]).toBe(2);
    supposition.add(0, cluster.kindOf(0));
    expect([devices.free[0], devices.free[1]]).toEqual([1000, 700]);
    supposition.remove(0);
    supposition.end();
    expect([devices.free[0], devices.free[1], devices.wholeFree[0]]).toEqual([1000, 700, 1]);
  });

  it("always leaves the cluster as it was", () => {
    fc.assert(
      fc.property(
        arbitraries.nodeSpec,
        fc.array(arbitraries.podTemplate, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat({ max: 11 }), { maxLength: 12 }),
        (spec, templates, steps) => {
          const cluster = new Cluster();
          cluster.addNode(spec);
          // Shares of devices are given out by the scheduler: none here.
          const kinds = templates.map(({ devices: _devices, ...template }) => cluster.kind(template));
          const there = kinds.slice(0, 3);
          for (const [row, kind] of there.entries()) cluster.assume(row, kind, 0, 0);
          const before = clusterDigest(cluster);
          const present = new Set(there.keys());
          const supposition = cluster.suppose(0);
          for (const step of steps) {
            const row = step % kinds.length;
            if (present.delete(row)) supposition.remove(row);
            else {
              present.add(row);
              supposition.add(row, kinds[row]);
            }
            expect(cluster.podsOn(0).length).toBe(present.size);
          }
          supposition.end();
          expect(clusterDigest(cluster)).toBe(before);
        },
      ),
      { numRuns: 100 },
    );
  });
});
