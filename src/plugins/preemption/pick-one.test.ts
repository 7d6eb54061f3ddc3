import { describe, expect, it } from "vitest";
import { Cluster } from "../../cluster/cluster.ts";
import type { PreemptionCandidate } from "../../scheduler/plugin.ts";
import { bestCandidates } from "./pick-one.ts";

/** Victims written as `priority` or `priority@start`; a candidate's node is its place. */
function best(...candidates: readonly (readonly [violations: number, ...victims: string[]])[]): number[] {
  const cluster = new Cluster();
  let row = 0;
  const listed = candidates.map(([pdbViolations, ...victims], place): PreemptionCandidate => {
    const node = cluster.addNode({ object: { kind: "Node", metadata: { name: `n${place}` } } });
    const rows = victims.map((victim) => {
      const [priority, start = "Infinity"] = victim.split("@");
      const object = { kind: "Pod" as const, spec: { priority: Number(priority) } };
      cluster.assume(row, cluster.kind({ name: "p", object }), node, 0);
      cluster.start(row, Number(start));
      return row++;
    });
    return { node, victims: rows, pdbViolations };
  });
  return bestCandidates(listed, cluster).map(({ node }) => node);
}

describe("the choice among candidates of preemption", () => {
  it("goes to the fewest budget violations, whatever the victims are", () => {
    expect(best([1, "0"], [0, "9", "9", "9"], [2])).toEqual([1]);
  });

  it("then to the least important first victim", () => {
    expect(best([0, "5", "1"], [0, "4", "4", "4"])).toEqual([1]);
  });

  it("then to the smallest sum of priorities, in which each victim counts for more than any priority", () => {
    expect(best([0, "4", "-2000000000"], [0, "4"])).toEqual([1]);
    expect(best([0, "4", "3"], [0, "4", "2"])).toEqual([1]);
    expect(best([0, "-5", "-6"], [0, "-5"])).toEqual([1]);
  });

  it("then to the fewest victims: priorities so low that a further victim weighs nothing", () => {
    expect(best([0, "4", "-2147483648"], [0, "4"])).toEqual([1]);
  });

  it("then to the latest start of the first of the most important victims", () => {
    expect(best([0, "4@10", "4@30", "1@90"], [0, "4@20", "4@25", "1@5"])).toEqual([1]);
    expect(best([0, "4@10"], [0, "4"])).toEqual([1]);
  });

  it("leaves candidates that are equal in all of it to the order of nodes", () => {
    expect(best([0, "4@10"], [0, "4@10"], [1, "4@10"])).toEqual([0, 1]);
    expect(best([0, "4"], [0, "4"])).toEqual([0, 1]);
  });
});
