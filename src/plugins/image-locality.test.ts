import { expect, it } from "vitest";
import { Cluster } from "../cluster/cluster.ts";
import type { PodTemplate } from "../cluster/specs.ts";
import type { ContainerImage } from "../kubernetes/node.ts";
import { cycleFor, scoresOf } from "../testing/plugin-observations.ts";
import { imageLocality } from "./image-locality.ts";

const MEBIBYTE = 2 ** 20;

function pod(...images: string[]): PodTemplate {
  return {
    name: "p",
    object: { kind: "Pod", spec: { containers: images.map((image) => ({ image })) } },
  };
}

/** Images with their sizes in MiB. */
function has(sizes: Record<string, number>): ContainerImage[] {
  return Object.entries(sizes).map(([name, size]) => ({ names: [name], sizeBytes: size * MEBIBYTE }));
}

function clusterOf(...nodes: (readonly ContainerImage[])[]): Cluster {
  const cluster = new Cluster();
  nodes.forEach((images, i) => {
    cluster.addNode({ object: { kind: "Node", metadata: { name: `n${i}` }, status: { images } } });
  });
  return cluster;
}

/** The score of the first node. */
function score(cluster: Cluster, template: PodTemplate): number | undefined {
  return scoresOf(imageLocality, cycleFor(cluster, template), [0])?.raw[0];
}

it.each([
  ["one image of 250 MiB on one of two nodes", [has({ "a:1": 250 }), []], ["a:1"], 10],
  ["two images on one of two nodes each", [has({ "a:1": 250, "b:1": 10 }), []], ["a:1", "b:1"], 5],
  [
    "one image of 4000 MiB on two of four nodes",
    [has({ "a:1": 4000 }), has({ "a:1": 4000 }), [], []],
    ["a:1"],
    100,
  ],
  ["an image below the threshold", [has({ "a:1": 22 })], ["a:1"], 0],
  [
    "three images, one of them absent",
    [has({ "a:1": 300, "b:1": 140 }), has({ "b:1": 140 }), []],
    ["a:1", "b:1", "c:1"],
    5,
  ],
])("scores %s", (_, nodes, images, expected) => {
  expect(score(clusterOf(...nodes), pod(...images))).toBe(expected);
});

it("adds :latest to a name without a tag, also behind a registry with a port", () => {
  expect(score(clusterOf(has({ "registry:5000/a:latest": 1000 })), pod("registry:5000/a"))).toBe(100);
});

it("takes the size from the node that reported the image first, also when it is visited late", () => {
  const cluster = new Cluster();
  const add = (name: string, zone: string, images: readonly ContainerImage[]) =>
    cluster.addNode({
      object: {
        kind: "Node",
        metadata: { name, labels: { "topology.kubernetes.io/zone": zone } },
        status: { images },
      },
    });
  // Visited in the order a1, b1, a2; reported by a2 before b1.
  add("a1", "a", []);
  const a2 = add("a2", "a", has({ "i:1": 1500 }));
  const b1 = add("b1", "b", has({ "i:1": 300 }));
  const cycle = cycleFor(cluster, pod("i:1"));
  // trunc(1500 MiB * 2/3) is 1000 MiB, the upper threshold.
  expect(scoresOf(imageLocality, cycle, [a2, b1])?.raw).toEqual([100, 100]);
});

it("scores a pod without images 0", () => {
  expect(score(clusterOf(has({ "a:1": 250 })), pod())).toBe(0);
});
