import { describe, expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { fitErrorMessage } from "./fit-error.ts";
import { NodeHistory } from "./node-history.ts";
import { referencePolicy } from "./reference-policy.ts";
import { referenceScheduler } from "./reference-scheduler.ts";
import { nodesToFind } from "./search.ts";
import { selectHost } from "./select-host.ts";

function pod(cpu: string): PodTemplate {
  const containers = [{ resources: { requests: { cpu } } }];
  return { name: "p", object: { kind: "Pod", spec: { containers } } };
}

describe("referenceScheduler", () => {
  it("records every step of a decision", () => {
    const { nodes, placed } = drawCluster(`
node  cpu   memory
n1    2/4   0/8Gi
n2    0/4   0/8Gi
n3    4/4   0/8Gi
`);
    const record = referenceScheduler({
      nodes,
      placed,
      pod: pod("1"),
      policy: referencePolicy("default"),
      nextStart: 0,
    });
    expect(record).toMatchObject({
      outcome: "bound",
      node: "n2",
      evaluated: 3,
      nextStart: 0,
      visitStart: "n1",
    });
    expect(record.feasible).toEqual(["n1", "n2"]);
    expect(record.filter).toEqual({
      n3: { plugin: "NodeResourcesFit", code: "Unschedulable", reasons: ["Insufficient cpu"] },
    });
    expect(record.scores["NodeResourcesFit"]).toEqual({
      n1: { raw: 61, normalized: 61, weighted: 61 },
      n2: { raw: 86, normalized: 86, weighted: 86 },
    });
    expect(record.totals).toEqual({ n1: 429, n2: 454 });
    expect(record.best).toEqual(["n2"]);
  });

  it("says why there is no node", () => {
    const { nodes, placed } = drawCluster("node  cpu  cordoned\nn1    4/4\nn2    0/4  yes\nn3    0/4  yes");
    const policy = referencePolicy("default");
    expect(referenceScheduler({ nodes, placed, pod: pod("1"), policy, nextStart: 0 }).message).toBe(
      "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.",
    );
    const named: PodTemplate = { name: "p", object: { kind: "Pod", spec: { nodeName: "gone" } } };
    expect(referenceScheduler({ nodes, placed, pod: named, policy, nextStart: 0 })).toMatchObject({
      preFilterNodes: ["gone"],
      rejectors: ["NodeName"],
      message: "0/3 nodes are available: 3 node(s) didn't satisfy plugin(s) [NodeName].",
    });
    expect(referenceScheduler({ nodes: [], placed: [], pod: named, policy, nextStart: 0 }).message).toBe(
      "no nodes available to schedule pods",
    );
  });

  it("counts reasons and sorts them as texts", () => {
    const status = (reason: string) => ({ code: "Unschedulable", reasons: [reason] }) as const;
    const rejected = [...Array.from({ length: 10 }, () => status("x")), status("y"), status("y")];
    expect(fitErrorMessage(12, undefined, rejected, undefined)).toBe("0/12 nodes are available: 10 x, 2 y.");
    expect(fitErrorMessage(4, status("no"), [], undefined)).toBe("0/4 nodes are available: no.");
  });
});

describe("what the reference is built of", () => {
  it.each([
    [[1, 2, 5, 5], 3],
    [[5, 5, 5], 0],
    [[90, 100, 100, 80], 1],
    [[1, 5, 5, 5, 5], 1],
    [[1, 1, 2, 2, 2, 1], 3],
    [[2, 1, 1, 2], 0],
  ])("takes upstream's pick of %j", (totals, expected) => {
    const places = [...totals.keys()];
    expect(selectHost("upstream", totals.map(BigInt), places, { seed: 1, row: 1, attempt: 1 })).toBe(
      expected,
    );
  });

  it.each([
    [0, 99, 99],
    [0, 250, 120],
    [0, 5624, 337],
    [0, 15_000, 750],
    [40, 1000, 400],
    [1, 5000, 100],
  ])("looks, with percentage %i of %i nodes, for %i", (percentage, nodes, expected) => {
    expect(nodesToFind(percentage, nodes)).toBe(expected);
  });

  it("visits zones in turns", () => {
    const { nodes } = drawCluster("node  zone\na1    a\na2    a\na3    a\nb1    b\nc1    c\nc2    c");
    expect(new NodeHistory(nodes).order()).toEqual(["a1", "b1", "c1", "a2", "c2", "a3"]);
  });

  it("names the nearest policy when there is none of the name", () => {
    expect(() => referencePolicy("best-fitt")).toThrow("did you mean best-fit?");
  });
});
