import { expect, it } from "vitest";
import { drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor, rowsThatPass } from "../testing/plugin-observations.ts";
import { nodeName } from "./node-name.ts";

const { cluster, row } = drawCluster("node\nn1\nn2");

it.each<[string | undefined, string[]]>([
  [undefined, ["n1", "n2"]],
  ["", ["n1", "n2"]],
  ["n2", ["n2"]],
  ["n3", []],
])("a pod for node %s", (wanted, expected) => {
  const spec = wanted === undefined ? {} : { nodeName: wanted };
  const cycle = cycleFor(cluster, { name: "p", object: { kind: "Pod", spec } });
  const rows = rowsThatPass(nodeName, cycle, [row("n1"), row("n2")]);
  expect(rows.map((node) => cluster.nodes.name(node))).toEqual(expected);
  const reasons = expected.includes("n1") ? undefined : ["node(s) didn't match the requested node name"];
  expect(nodeName.judge?.(cycle)?.(row("n1"))?.reasons).toEqual(reasons);
});
