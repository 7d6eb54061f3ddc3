import { expect, it } from "vitest";
import { drawCluster } from "../testing/draw-cluster.ts";

const table = `
node  zone
a1    a
a2    a
a3    a
b1    b
c1    c
c2    c
`;

function order({ cluster }: ReturnType<typeof drawCluster>): string[] {
  return Array.from(cluster.nodes.order, (row) => cluster.nodes.name(row));
}

it("lets zones take turns, in the order in which they appeared", () => {
  expect(order(drawCluster(table))).toEqual(["a1", "b1", "c1", "a2", "c2", "a3"]);
});

it("moves a zone that lost its last node to the end when it returns", () => {
  const drawn = drawCluster(table);
  drawn.cluster.removeNode(drawn.row("b1"));
  drawn.cluster.addNode(drawn.nodes[3]);
  expect(order(drawn)).toEqual(["a1", "c1", "b1", "a2", "c2", "a3"]);
});

it("does not reorder for a changed zone label alone", () => {
  const drawn = drawCluster(table);
  order(drawn);
  const moved = drawCluster("node  zone\na1    b").nodes[0];
  drawn.cluster.updateNode(drawn.row("a1"), moved);
  expect(order(drawn)).toEqual(["a1", "b1", "c1", "a2", "c2", "a3"]);
  drawn.cluster.removeNode(drawn.row("c2"));
  expect(order(drawn)).toEqual(["a2", "b1", "c1", "a3", "a1"]);
});

it("puts nodes without zone and region into a zone of their own", () => {
  expect(order(drawCluster("node  zone\nx1\nx2\na1    a"))).toEqual(["x1", "a1", "x2"]);
});
