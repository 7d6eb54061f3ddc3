import { expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor, scoresOf } from "../testing/plugin-observations.ts";
import { bestFit } from "./best-fit.ts";

function pod(requests: Record<string, string>, gpu = 0): PodTemplate {
  const object = { kind: "Pod" as const, spec: { containers: [{ resources: { requests } }] } };
  return { name: "p", object, ...(gpu > 0 && { devices: { count: 1, milli: gpu } }) };
}

const table = `
node  cpu   memory
used  2/4   2Gi/8Gi
empty 0/4   0/8Gi
`;

it("prefers the node with the least left, over cpu and memory", () => {
  const { cluster, row } = drawCluster(table);
  const scores = scoresOf(bestFit, cycleFor(cluster, pod({ cpu: "1", memory: "2Gi" })), [
    row("used"),
    row("empty"),
  ]);
  // 1 - (1/4 + 4/8) / 2 and 1 - (3/4 + 6/8) / 2.
  expect(scores?.raw).toEqual([62, 25]);
  expect(scores?.normalized).toEqual([100, 0]);
});

it("weighs memory where no node has devices, even after a pod has asked for some", () => {
  const { cluster, row } = drawCluster(table);
  const rows = [row("used"), row("empty")];
  const raw = () => scoresOf(bestFit, cycleFor(cluster, pod({ cpu: "1", memory: "2Gi" })), rows)?.raw;
  expect(raw()).toEqual([62, 25]);
  cluster.kind(pod({}, 500));
  expect(raw()).toEqual([62, 25]);
});

it("weighs devices where there are some", () => {
  const { cluster, row } = drawCluster(`
node  cpu   devices
gpus  0/4   2 T4
plain 0/4
`);
  const scores = scoresOf(bestFit, cycleFor(cluster, pod({ cpu: "1" })), [row("gpus"), row("plain")]);
  // 1 - (3/4 + 2/2) / 2 and 1 - (3/4 + 0/2) / 2.
  expect(scores?.raw).toEqual([12, 62]);
});
