import { describe, expect, it } from "vitest";
import { drawCluster } from "../testing/draw-cluster.ts";
import { Nominations } from "./nominations.ts";

const kind = drawCluster("node\nn").cluster.kind({ name: "p", object: { kind: "Pod" } });

describe("Nominations", () => {
  it("keep the pods of a node in the order of their nomination", () => {
    const nominations = new Nominations();
    for (const pod of [7, 3, 5]) nominations.nominate(pod, kind, 1);
    nominations.nominate(7, kind, 1);
    expect(nominations.on(1)).toEqual([3, 5, 7]);
    expect(nominations.kindOf(3)).toBe(kind);
  });

  it("move a pod that is nominated again, and forget one that is cleared", () => {
    const nominations = new Nominations();
    expect([nominations.empty, nominations.nodeOf(7), nominations.on(1)]).toEqual([true, -1, []]);
    nominations.nominate(7, kind, 1);
    nominations.nominate(7, kind, 2);
    expect([nominations.nodeOf(7), nominations.on(1), nominations.on(2)]).toEqual([2, [], [7]]);
    expect([...nominations.nodes()]).toEqual([2]);
    nominations.clear(7);
    expect([nominations.empty, nominations.nodeOf(7), nominations.on(2)]).toEqual([true, -1, []]);
  });

  it("can move the status of a pod alone", () => {
    const nominations = new Nominations();
    nominations.nominate(7, kind, 1);
    nominations.nominateInStatus(7, 2);
    expect([nominations.nodeOf(7), nominations.on(1), nominations.on(2)]).toEqual([2, [7], []]);
    nominations.clearInStatus(7);
    expect([nominations.nodeOf(7), nominations.on(1)]).toEqual([-1, [7]]);
  });
});
