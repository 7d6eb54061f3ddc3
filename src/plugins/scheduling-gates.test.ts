import { expect, it } from "vitest";
import { drawCluster } from "../testing/draw-cluster.ts";
import { schedulingGates } from "./scheduling-gates.ts";

it("names the gates that hold a pod back", () => {
  const { cluster } = drawCluster("node\nn");
  const gated = (...names: string[]) => {
    const spec = { schedulingGates: names.map((name) => ({ name })) };
    return schedulingGates.preEnqueue?.(
      cluster.kind({ name: "p", object: { kind: "Pod", spec } }),
      cluster.objects,
    );
  };
  expect(gated("a", "b")).toEqual({
    code: "UnschedulableAndUnresolvable",
    reasons: ["waiting for scheduling gates: [a b]"],
  });
  expect(gated()).toBeUndefined();
});
