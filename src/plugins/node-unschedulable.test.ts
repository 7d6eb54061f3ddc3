import { expect, it } from "vitest";
import type { Toleration } from "../kubernetes/toleration.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor, rowsThatPass } from "../testing/plugin-observations.ts";
import { nodeUnschedulable } from "./node-unschedulable.ts";

const drawn = drawCluster(`
node    cordoned
open
closed  yes
`);

it.each<[string, Toleration[], string[]]>([
  ["no toleration", [], ["open"]],
  [
    "the toleration of the taint",
    [{ key: "node.kubernetes.io/unschedulable", operator: "Exists" }],
    ["open", "closed"],
  ],
  ["one of another effect", [{ operator: "Exists", effect: "NoExecute" }], ["open"]],
])("with %s", (_, tolerations, expected) => {
  const { cluster } = drawn;
  const cycle = cycleFor(cluster, { name: "p", object: { kind: "Pod", spec: { tolerations } } });
  const rows = rowsThatPass(nodeUnschedulable, cycle, [...cluster.nodes.order]);
  expect(rows.map((row) => cluster.nodes.name(row))).toEqual(expected);
  const status = nodeUnschedulable.judge?.(cycle)?.(drawn.row("closed"));
  expect(status?.reasons).toEqual(expected.length === 2 ? undefined : ["node(s) were unschedulable"]);
});
