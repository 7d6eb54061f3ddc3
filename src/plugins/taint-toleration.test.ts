import { describe, expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import type { Toleration } from "../kubernetes/toleration.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor, rowsThatPass, scoresOf } from "../testing/plugin-observations.ts";
import { taintToleration } from "./taint-toleration.ts";

function pod(...tolerations: Toleration[]): PodTemplate {
  return { name: "p", object: { kind: "Pod", spec: { tolerations } } };
}

describe("TaintToleration", () => {
  const drawn = drawCluster(`
node  taints
clean
soft  a=1:PreferNoSchedule
hard  a=1:NoSchedule
evict a=1:NoExecute
`);
  const passing = (...tolerations: Toleration[]) => {
    const { cluster } = drawn;
    const rows = rowsThatPass(taintToleration(), cycleFor(cluster, pod(...tolerations)), [
      ...cluster.nodes.order,
    ]);
    return rows.map((row) => cluster.nodes.name(row));
  };

  it.each<[string, Toleration[], string[]]>([
    ["none", [], ["clean", "soft"]],
    ["key and value", [{ key: "a", value: "1" }], ["clean", "soft", "hard", "evict"]],
    ["another value", [{ key: "a", value: "2" }], ["clean", "soft"]],
    ["one effect", [{ key: "a", operator: "Exists", effect: "NoExecute" }], ["clean", "soft", "evict"]],
    ["every key", [{ operator: "Exists" }], ["clean", "soft", "hard", "evict"]],
    ["a gated operator", [{ key: "a", operator: "Gt", value: "0" }], ["clean", "soft"]],
  ])("with tolerations of %s", (_, tolerations, expected) => {
    expect(passing(...tolerations)).toEqual(expected);
  });

  it("says so of a node it rejects", () => {
    const judge = taintToleration().judge?.(cycleFor(drawn.cluster, pod()));
    expect(judge?.(drawn.row("hard"))).toEqual({
      code: "UnschedulableAndUnresolvable",
      reasons: ["node(s) had untolerated taint(s)"],
    });
    expect(judge?.(drawn.row("soft"))).toBeUndefined();
  });

  it("compares numbers when the gate is on", () => {
    const { cluster, row } = drawCluster("node  taints\nn3    a=3:NoSchedule\nn5    a=5:NoSchedule");
    const plugin = taintToleration({ comparisonOperators: true });
    const cycle = cycleFor(cluster, pod({ key: "a", operator: "Gt", value: "4" }));
    expect(rowsThatPass(plugin, cycle, [row("n3"), row("n5")])).toEqual([row("n5")]);
  });

  it("avoids soft taints, the more of them the more", () => {
    const { cluster, row } = drawCluster(`
node  taints
none
one   a=1:PreferNoSchedule
two   a=1:PreferNoSchedule,b=1:PreferNoSchedule
three a=1:PreferNoSchedule,b=1:PreferNoSchedule,c=1:PreferNoSchedule
`);
    const rows = ["none", "one", "two", "three"].map(row);
    const scores = scoresOf(taintToleration(), cycleFor(cluster, pod()), rows);
    expect(scores?.raw).toEqual([0, 1, 2, 3]);
    expect(scores?.normalized).toEqual([100, 67, 34, 0]);
    // A toleration of another effect does not count here.
    const hardOnly = pod({ operator: "Exists", effect: "NoSchedule" });
    expect(scoresOf(taintToleration(), cycleFor(cluster, hardOnly), rows)?.raw).toEqual([0, 1, 2, 3]);
    expect(
      scoresOf(taintToleration(), cycleFor(cluster, pod({ key: "a", operator: "Exists" })), rows)?.raw,
    ).toEqual([0, 0, 1, 2]);
  });
});
