import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import type { PodObject, PodSpec } from "../kubernetes/pod.ts";
import { Nominations } from "../scheduler/nominations.ts";
import { defineProfile } from "../scheduler/profile.ts";
import { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";
import { arbitraries } from "../testing/arbitraries.ts";
import { clusterDigest } from "../testing/cluster-digest.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { type DefaultPreemptionArgs, defaultPreemption } from "./default-preemption.ts";
import { shippedProfile } from "./profiles.ts";

const PREEMPTOR = 999;

function preempting(args?: DefaultPreemptionArgs) {
  const others = shippedProfile("default").plugins.filter(
    ({ plugin }) => plugin.name !== "DefaultPreemption",
  );
  return defineProfile({ name: "test", plugins: [...others, { plugin: defaultPreemption(args) }] });
}

interface Drawn {
  readonly spec?: PodSpec;
  readonly metadata?: PodObject["metadata"];
  readonly status?: PodObject["status"];
}

function asking(cpu: string, priority: number, { spec, metadata, status }: Drawn = {}): PodTemplate {
  const containers = [{ resources: { requests: { cpu } } }];
  const object: PodObject = {
    kind: "Pod",
    metadata: metadata ?? {},
    spec: { containers, priority, ...spec },
    status: status ?? {},
  };
  return { name: "p", object };
}

function world(table: string, args?: DefaultPreemptionArgs, offset = 0) {
  const drawn = drawCluster(table);
  const { cluster } = drawn;
  const nominations = new Nominations();
  const cycle = new SchedulingCycle({
    cluster,
    profile: preempting(args),
    seed: 1,
    nominations,
    preemptionOffset: () => offset,
  });
  return {
    ...drawn,
    nominations,
    /** Puts a pod that started at `start` on a node. */
    place: (row: number, template: PodTemplate, node: number, start = 0): void => {
      cluster.assume(row, cluster.kind(template), node, 0);
      cluster.start(row, start);
    },
    attempt: (template: PodTemplate) => {
      const { node } = cycle.run(PREEMPTOR, cluster.kind(template), 1);
      const outcome = node === -1 ? cycle.postFilter() : undefined;
      return { node, outcome, preemption: outcome?.preemption, message: outcome?.message() };
    },
  };
}

const TERMINATING: Drawn = {
  metadata: { deletionTimestamp: "2030-01-01T00:00:00Z" },
  status: {
    conditions: [{ type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler" }],
  },
};

describe("DefaultPreemption", () => {
  it("lets the least important pods go that make room, the most important of them first", () => {
    const { place, attempt } = world("node  cpu\nn1    0/4");
    place(1, asking("1", 1), 0, 20);
    place(2, asking("1", 3), 0);
    place(3, asking("1", 1), 0, 10);
    place(4, asking("1", 2), 0);
    const { outcome, preemption, message } = attempt(asking("3", 9));
    expect(preemption).toMatchObject({ node: 0, victims: [4, 3, 1], pdbViolations: 0, tied: [0] });
    expect(outcome?.nominate).toBe(0);
    expect(message).toBe("preemption: found a potential placement for pod on node n1, preempting 3 victims");
  });

  it("lets the pods go last before whom a budget stands", () => {
    const { place, attempt, cluster } = world("node  cpu\nn1    0/3");
    cluster.objects = {
      ...cluster.objects,
      podDisruptionBudgets: [
        {
          kind: "PodDisruptionBudget",
          metadata: { namespace: "default" },
          spec: { selector: { matchLabels: { app: "web" } } },
        },
      ],
    };
    place(1, asking("1", 1, { metadata: { labels: { app: "web" } } }), 0);
    place(2, asking("1", 2), 0);
    place(3, asking("1", 3), 0);
    expect(attempt(asking("1", 9)).preemption).toMatchObject({ victims: [2], pdbViolations: 0 });
    expect(attempt(asking("2", 9)).preemption).toMatchObject({ victims: [3, 2], pdbViolations: 0 });
    expect(attempt(asking("3", 9)).preemption).toMatchObject({ victims: [3, 2, 1], pdbViolations: 1 });
  });

  it("takes the first of equal nodes, and names all candidates and those that tied", () => {
    const { place, attempt } = world("node  cpu\nn1    0/1\nn2    0/1\nn3    0/1");
    place(1, asking("1", 2), 0);
    place(2, asking("1", 1), 1);
    place(3, asking("1", 1), 2);
    const { preemption } = attempt(asking("1", 9));
    expect(preemption).toMatchObject({ node: 1, victims: [2], tied: [1, 2] });
    expect(preemption?.candidates.map(({ node }) => node)).toEqual([0, 1, 2]);
  });

  it("passes over nodes where it cannot help, and says so", () => {
    const { place, attempt } = world("node  cpu\nn1    0/1\nn2    0/4\nn3    0/4");
    place(1, asking("4", 9), 1);
    place(2, asking("1", 1), 2);
    place(3, asking("1", 9), 2);
    const { outcome, message } = attempt(asking("4", 5));
    expect(message).toBe(
      "preemption: 0/3 nodes are available: 1 Insufficient cpu, 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.",
    );
    expect(outcome).toMatchObject({ nominate: -1, preemption: undefined });
    expect([...(outcome?.unhelpful().keys() ?? [])]).toEqual([1, 2]);
    // Nobody at all is less important: known without a look, and told alike.
    expect(attempt(asking("4", 0)).message).toBe(
      "preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.",
    );
  });

  it("leaves a pod alone that may not preempt, and its nomination", () => {
    const { place, attempt } = world("node  cpu\nn1    0/1");
    place(1, asking("1", 1), 0);
    const { outcome, message } = attempt(asking("1", 9, { spec: { preemptionPolicy: "Never" } }));
    expect([outcome?.nominate, message]).toEqual([
      undefined,
      "preemption: not eligible due to preemptionPolicy=Never.",
    ]);
  });

  it("waits for victims that are on their way out of the nominated node", () => {
    const { place, attempt, nominations, cluster } = world("node  cpu\nn1    0/1\nn2    0/1");
    place(1, asking("1", 1, TERMINATING), 0);
    place(2, asking("1", 1), 1);
    nominations.nominate(PREEMPTOR, cluster.kind(asking("1", 9)), 0);
    expect(attempt(asking("1", 9)).message).toBe(
      "preemption: not eligible due to a terminating pod on the nominated node.",
    );
    // Where nothing can help, it looks elsewhere: n1 is too small for this one, and n2 as well.
    expect(attempt(asking("2", 9)).message).toContain("2 Preemption is not helpful");
  });

  it("clears the nominations of less important pods, but only when somebody new has to go", () => {
    const { place, attempt, nominations, cluster } = world("node  cpu\nn1    0/2");
    place(1, asking("2", 1), 0);
    nominations.nominate(7, cluster.kind(asking("1", 2)), 0);
    nominations.nominate(8, cluster.kind(asking("1", 9)), 0);
    expect(attempt(asking("1", 9)).preemption).toMatchObject({ victims: [1], clearedNominations: [7] });
    cluster.release(1);
    place(1, asking("2", 1, TERMINATING), 0);
    expect(attempt(asking("1", 9)).preemption).toMatchObject({ victims: [1], clearedNominations: [] });
  });

  it("makes room beside pods that are nominated, as well as in their absence", () => {
    const { place, attempt, nominations, cluster } = world("node  cpu\nn1    0/4");
    place(1, asking("1", 1), 0);
    place(2, asking("1", 2), 0);
    place(3, asking("1", 3), 0);
    expect(attempt(asking("2", 9)).preemption?.victims).toEqual([1]);
    nominations.nominate(7, cluster.kind(asking("2", 9)), 0);
    expect(attempt(asking("2", 9)).preemption?.victims).toEqual([3, 2, 1]);
  });

  it("stops when there are enough candidates, from where it starts", () => {
    const names = Array.from({ length: 10 }, (_, i) => `n${i}    0/1`);
    const args = { minCandidateNodesPercentage: 20, minCandidateNodesAbsolute: 1 };
    const { place, attempt } = world(["node  cpu", ...names].join("\n"), args, 9);
    for (let node = 0; node < 10; node++) place(node, asking("1", node), node);
    const { preemption } = attempt(asking("1", 99));
    expect(preemption?.candidates.map(({ node }) => node)).toEqual([0, 9]);
    expect(preemption?.node).toBe(0);
  });

  it("draws where it starts from the seed", () => {
    const table = ["node  cpu", ...Array.from({ length: 10 }, (_, i) => `n${i}    0/1`)].join("\n");
    const starts = [1, 2, 3, 4, 5, 6].map((seed) => {
      const { cluster } = drawCluster(table);
      for (let node = 0; node < 10; node++) cluster.assume(node, cluster.kind(asking("1", 0)), node, 0);
      const profile = preempting({ minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 1 });
      const cycle = new SchedulingCycle({ cluster, profile, seed });
      cycle.run(PREEMPTOR, cluster.kind(asking("1", 9)), 1);
      return [cycle.postFilter()?.preemption?.node, cycle.postFilter()?.preemption?.node];
    });
    expect(starts.every(([a, b]) => a === b)).toBe(true);
    expect(new Set(starts.map(([a]) => a)).size).toBeGreaterThan(1);
  });

  it("says an error when a node would do with everybody back, and nothing else is found", () => {
    const { cluster } = drawCluster("node  cpu\nn1    0/4");
    cluster.assume(0, cluster.kind(asking("1", 1)), 0, 0);
    let asked = 0;
    const fickle = {
      name: "Fickle",
      filter: () => (candidates: { length: number }) => {
        candidates.length = 0;
      },
      judge: () => () =>
        asked++ === 0 ? ({ code: "Unschedulable", reasons: ["not yet"] } as const) : undefined,
    };
    const profile = defineProfile({
      name: "test",
      plugins: [{ plugin: fickle }, { plugin: defaultPreemption() }],
    });
    const cycle = new SchedulingCycle({ cluster, profile, seed: 1 });
    cycle.run(PREEMPTOR, cluster.kind(asking("1", 9)), 1);
    const outcome = cycle.postFilter();
    expect([outcome?.nominate, outcome?.message()]).toEqual([
      undefined,
      'preemption: expected at least one victim pod on node "n1"',
    ]);
  });

  it("always makes room: without its victims the pod fits the nominated node, and before that nothing changed", () => {
    let preempted = 0;
    // Spread constraints are left out: upstream's minimum over domains is approximate while pods are removed in thought.
    const template = arbitraries.podTemplate.map(({ devices: _devices, ...rest }): PodTemplate => {
      const { topologySpreadConstraints: _spread, ...spec } = rest.object.spec ?? {};
      return { ...rest, object: { ...rest.object, spec } };
    });
    const withPriority = (drawn: PodTemplate, priority: number): PodTemplate => ({
      ...drawn,
      object: { ...drawn.object, spec: { ...drawn.object.spec, priority } },
    });
    fc.assert(
      fc.property(
        arbitraries.nodes(1, 4),
        fc.array(fc.tuple(template, fc.nat({ max: 4 }), fc.nat({ max: 3 })), { minLength: 4, maxLength: 16 }),
        template,
        fc.array(fc.tuple(fc.nat({ max: 15 }), fc.nat({ max: 3 })), { maxLength: 2 }),
        (nodes, pods, preemptor, waiting) => {
          const { cluster } = drawCluster("node");
          for (const spec of nodes) cluster.addNode(spec);
          for (const [row, [drawn, priority, node]] of pods.entries()) {
            cluster.assume(row, cluster.kind(withPriority(drawn, priority)), node % nodes.length, 0);
          }
          const nominations = new Nominations();
          for (const [i, [pod, node]] of waiting.entries()) {
            const kind = cluster.kind(withPriority(pods[pod % pods.length][0], 5));
            nominations.nominate(100 + i, kind, node % nodes.length);
          }
          const kind = cluster.kind(withPriority(preemptor, 5));
          const cycle = new SchedulingCycle({ cluster, profile: preempting(), seed: 1, nominations });
          if (cycle.run(PREEMPTOR, kind, 1).node !== -1) return;
          const before = clusterDigest(cluster);
          const preemption = cycle.postFilter()?.preemption;
          expect(clusterDigest(cluster)).toBe(before);
          if (preemption === undefined) return;
          preempted++;
          for (const victim of preemption.victims) cluster.release(victim);
          nominations.nominate(PREEMPTOR, kind, preemption.node);
          expect(cycle.run(PREEMPTOR, kind, 2).node).toBe(preemption.node);
        },
      ),
      { numRuns: 300 },
    );
    expect(preempted).toBeGreaterThan(20);
  });
});
