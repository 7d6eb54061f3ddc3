import { expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor, scoresOf } from "../testing/plugin-observations.ts";
import { gpuPacking } from "./gpu-packing.ts";

function pod(count: number, milli: number): PodTemplate {
  return { name: "p", object: { kind: "Pod" }, devices: { count, milli } };
}

const { cluster, row } = drawCluster("node  devices\nfour  4 A\neight 8 A\nused  4 A");
// On `used`, 300 and 1000 1000 1000 are free.
cluster.assume(0, cluster.kind(pod(1, 700)), row("used"), 0b0001);
const rows = [row("four"), row("eight"), row("used")];

it.each([
  // Empty nodes: 33 less their devices. Used: 100 less a tenth of the 30 % left on the shared device.
  [pod(1, 250), [29, 25, 97]],
  // The shared device has no room, a free one is taken: 50 less one.
  [pod(1, 500), [29, 25, 49]],
  [pod(3, 1000), [29, 25, 47]],
])("scores %j", (template, expected) => {
  expect(scoresOf(gpuPacking, cycleFor(cluster, template), rows)?.raw).toEqual(expected);
});

it("has no preference for a pod without devices", () => {
  expect(scoresOf(gpuPacking, cycleFor(cluster, { name: "p", object: { kind: "Pod" } }), rows)?.raw).toEqual([
    0, 0, 0,
  ]);
});
