import { expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor, scoresOf } from "../testing/plugin-observations.ts";
import { nodeResourcesBalancedAllocation } from "./node-resources-balanced-allocation.ts";

function pod(cpu: string, memory: string): PodTemplate {
  const requests = { cpu, memory };
  return { name: "p", object: { kind: "Pod", spec: { containers: [{ resources: { requests } }] } } };
}

function score(cpu: string, memory: string, template: PodTemplate, resources?: readonly string[]) {
  const { cluster, row } = drawCluster(`node cpu       memory\nn    ${cpu.padEnd(10)}${memory}`);
  const plugin = nodeResourcesBalancedAllocation(resources && { resources });
  return scoresOf(plugin, cycleFor(cluster, template), [row("n")])?.raw[0];
}

it.each([
  [0, 74],
  [1, 75],
  [2, 74],
  [10, 74],
  [38, 75],
  [39, 74],
])("scores a node of 4 cpu and 32Gi with %i pods of 100m and 500Mi %i", (pods, expected) => {
  expect(score(`${pods * 100}m/4`, `${pods * 500}Mi/32Gi`, pod("100m", "500Mi"))).toBe(expected);
});

it.each([
  ["0/4", "0/10000", pod("3", "5000"), 68],
  ["3/10", "0/20000", pod("3", "5000"), 73],
  ["3/10", "5000/20000", pod("3", "5000"), 74],
  ["3/10", "5000/50000", pod("3", "5000"), 70],
])("scores cpu %s and memory %s", (cpu, memory, template, expected) => {
  expect(score(cpu, memory, template)).toBe(expected);
});

it("skips pods that ask for none of the resources", () => {
  expect(score("1/4", "1Gi/8Gi", pod("0", "0"))).toBeUndefined();
});

it("finds one resource alone balanced", () => {
  expect(score("1/4", "0/0", pod("1", "1"))).toBe(75);
  expect(score("1/4", "1Gi/8Gi", pod("1", "0"), ["cpu"])).toBe(75);
});

it("takes the standard deviation of three shares", () => {
  // Shares 0.5, 0, 0: mean 1/6, deviation sqrt(1/18) = 0.2357; balance 76 after, 100 before.
  const template = { ...pod("2", "0") };
  expect(score("0/4", "0/8Gi", template, ["cpu", "memory", "ephemeral-storage"])).toBe(62);
});
