import { describe, expect, it } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import { type Extender, ExtenderError } from "./extender.ts";
import type { TieBreak } from "./profile.ts";
import { SchedulingCycle } from "./scheduling-cycle.ts";

const NAMES = ["n0", "n1", "n2", "n3"];

function extender(members: Partial<Extender>): Extender {
  return { name: "http://extender", ignorable: false, isInterested: () => true, ...members };
}

const keeping = (...nodes: string[]) =>
  extender({ filter: () => ({ nodes, failed: {}, failedAndUnresolvable: {} }) });
const failing = (ignorable: boolean) =>
  extender({
    ignorable,
    filter: () => {
      throw new ExtenderError("no answer");
    },
  });
const pointing = (points: Readonly<Record<string, number>>, weight = 1) =>
  extender({ prioritize: () => ({ points: new Map(Object.entries(points)), weight }) });

/** Four equal nodes of one cpu, and a pod of another name than its kind's. */
function schedule(extenders: readonly Extender[], tieBreak: TieBreak = "first", seed = 1, cpu = "100m") {
  const cluster = new Cluster();
  for (const name of NAMES) {
    cluster.addNode({
      object: { kind: "Node", metadata: { name }, status: { allocatable: { cpu: 1, pods: 9 } } },
    });
  }
  const object: PodObject = {
    kind: "Pod",
    metadata: { name: "kind", namespace: "shop" },
    spec: { priority: 7, containers: [{ name: "c", resources: { requests: { cpu } } }] },
  };
  const profile = { ...shippedProfile("default"), tieBreak, extenders };
  const podObject = () => ({ ...object, metadata: { name: "web", namespace: "shop" } });
  const cycle = new SchedulingCycle({ cluster, profile, seed, podObject });
  const pod = cluster.kind({ name: "web", object });
  const outcome = cycle.run(0, pod, 1);
  return {
    cluster,
    cycle,
    pod,
    outcome,
    node: outcome.node === -1 ? undefined : cluster.nodes.name(outcome.node),
  };
}

describe("extenders in a scheduling cycle", () => {
  it("narrow the feasible nodes one after another", () => {
    const told: string[][] = [];
    const asked = extender({
      filter: (pod, nodes) => {
        const names = nodes.map(({ metadata }) => metadata?.name ?? "");
        told.push([pod.metadata?.name ?? "", ...names]);
        return { nodes: names.slice(1), failed: { [names[0]]: "not this one" }, failedAndUnresolvable: {} };
      },
    });
    const { node, outcome } = schedule([asked, asked]);
    expect(told).toEqual([
      ["web", "n0", "n1", "n2", "n3"],
      ["web", "n1", "n2", "n3"],
    ]);
    expect(node).toBe("n2");
    expect(outcome).toMatchObject({ feasible: 2, evaluated: 4, droppedByExtenders: true, error: undefined });
  });

  it("may leave no node, which is a failure like any other", () => {
    const { outcome, node } = schedule([keeping()]);
    expect(node).toBeUndefined();
    expect(outcome).toMatchObject({ feasible: 0, error: undefined, droppedByExtenders: true });
  });

  it("fail the attempt when they do not answer, unless they are ignorable", () => {
    expect(schedule([failing(false)]).outcome).toMatchObject({ node: -1, error: "no answer" });
    expect(schedule([failing(true), keeping("n3")])).toMatchObject({ node: "n3" });
  });

  it("are passed over by pods that they have no interest in", () => {
    expect(schedule([{ ...failing(false), isInterested: () => false }]).node).toBe("n0");
  });

  it("add points times weight times 10 to the totals, and failures there are passed over", () => {
    const plain = schedule([]).outcome.score;
    const { node, outcome } = schedule([pointing({ n1: 3, n2: 4 }), pointing({ n1: 2 }, 5)]);
    expect(node).toBe("n1");
    expect(outcome.score).toBe(plain + 30 + 100);
    const broken = extender({
      prioritize: () => {
        throw new ExtenderError("no answer");
      },
    });
    expect(schedule([broken]).node).toBe("n0");
  });

  it("let lots decide among equal totals that they gave points, as upstream does", () => {
    const winners = new Set(
      Array.from({ length: 40 }, (_, seed) => schedule([pointing({ n1: 0, n3: 0 })], "upstream", seed).node),
    );
    expect([...winners].sort((a = "", b = "") => a.localeCompare(b))).toEqual(["n1", "n3"]);
    expect(schedule([pointing({ n1: 0, n3: 0 })], "first").node).toBe("n0");
  });

  it("choose among the candidates of preemption", () => {
    const preempting = extender({
      preempt: (_pod, candidates) => new Map([...candidates].filter(([name]) => name === "n2")),
    });
    const { cluster, cycle, pod } = schedule([preempting], "first", 1, "900m");
    const low = cluster.kind({
      name: "low",
      object: {
        kind: "Pod",
        spec: { containers: [{ name: "c", resources: { requests: { cpu: "900m" } } }] },
      },
    });
    NAMES.forEach((_, node) => {
      cluster.assume(100 + node, low, node, 0);
    });
    expect(cycle.run(1, pod, 1).node).toBe(-1);
    const nominate = cycle.postFilter()?.nominate;
    expect(nominate !== undefined && cluster.nodes.name(nominate)).toBe("n2");
  });
});
