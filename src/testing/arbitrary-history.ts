import fc from "fast-check";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import { arbitraryNodeSpec, withName } from "./arbitrary-node.ts";
import { MODELS, nodeName, rarely, weighted } from "./arbitrary-parts.ts";
import { arbitraryDeviceRequest, arbitraryPodTemplate } from "./arbitrary-pod.ts";
import {
  arbitraryFeaturedNode,
  arbitraryRelatedPod,
  arbitraryRelatingObjects,
  type RelatingObjects,
} from "./arbitrary-relations.ts";
import { type HistoryStep, schedule, stepWith } from "./arbitrary-step.ts";

/** A cluster and what happens to it. Numbers in steps are reduced to what there is, so that every list of steps is valid. */
export interface ClusterHistory {
  /** In the order in which they are added. */
  readonly nodes: readonly NodeSpec[];
  readonly templates: readonly PodTemplate[];
  readonly steps: readonly HistoryStep[];
  /** What there is beside nodes and pods, from the beginning to the end; nothing when absent. */
  readonly objects?: RelatingObjects;
}

const place = fc.nat({ max: 999 });
const step = stepWith(arbitraryNodeSpec);

/** Nodes made from a few patterns: equal nodes are what ties are made of. */
export const arbitraryNodes = (
  minLength: number,
  maxLength: number,
  spec: fc.Arbitrary<NodeSpec> = arbitraryNodeSpec,
): fc.Arbitrary<NodeSpec[]> =>
  fc
    .record({
      patterns: fc.array(spec, { minLength: 1, maxLength: 5 }),
      choices: fc.array(fc.nat({ max: 9 }), { minLength, maxLength, size: "max" }),
    })
    .map(({ patterns, choices }) =>
      choices.map((choice, i) => withName(patterns[choice % patterns.length], nodeName(i))),
    );

const small = weighted([2, 1], [3, 3], [5, 6], [5, 10], [2, 20]).chain((most) =>
  arbitraryNodes(Math.ceil(most / 2), most),
);

const mixed: fc.Arbitrary<ClusterHistory> = fc.record({
  nodes: small,
  templates: fc.array(arbitraryPodTemplate, { minLength: 1, maxLength: 4 }),
  steps: fc.array(step, { minLength: 1, maxLength: 16, size: "max" }),
});

/** Nodes that differ in devices and cpu only. */
const deviceNode: fc.Arbitrary<NodeSpec> = fc
  .record({
    cpu: fc.constantFrom("8", "17", "32"),
    model: fc.constantFrom(...MODELS),
    count: weighted([1, 1], [3, 2], [3, 4], [1, 8]),
  })
  .map(({ cpu, model, count }) => ({
    object: { kind: "Node", status: { allocatable: { cpu, memory: "64Gi", pods: 110 } } },
    devices: { model, count },
  }));

const devicePod: fc.Arbitrary<PodTemplate> = fc
  .record({ cpu: fc.constantFrom("100m", "1", "3"), devices: rarely(85, arbitraryDeviceRequest) })
  .map(({ cpu, devices }) => ({
    name: "pod",
    object: { kind: "Pod", spec: { containers: [{ resources: { requests: { cpu, memory: "1Gi" } } }] } },
    ...(devices && { devices }),
  }));

/** A few nodes with devices that fill up with shares and whole devices, and get holes again. */
const devices: fc.Arbitrary<ClusterHistory> = fc.record({
  nodes: fc
    .array(deviceNode, { minLength: 1, maxLength: 4 })
    .map((nodes) => nodes.map((node, i) => withName(node, nodeName(i)))),
  templates: fc.array(devicePod, { minLength: 2, maxLength: 5 }),
  steps: fc.array(
    fc.oneof(
      { weight: 4, arbitrary: schedule },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("release" as const), pod: place }) },
    ),
    { minLength: 4, maxLength: 20, size: "max" },
  ),
});

/** A small cluster and up to 20 steps: mostly a bit of everything, sometimes devices in earnest. */
export const arbitraryHistory: fc.Arbitrary<ClusterHistory> = fc.oneof(
  { weight: 6, arbitrary: mixed },
  { weight: 1, arbitrary: devices },
);

/** A small cluster whose pods mind one another: spread, affinity in both directions, services, owners, namespaces. */
export const arbitraryRelatedHistory: fc.Arbitrary<ClusterHistory> = fc.record({
  nodes: weighted([2, 3], [5, 6], [3, 9]).chain((most) =>
    arbitraryNodes(Math.ceil(most / 2), most, arbitraryFeaturedNode),
  ),
  templates: fc.array(arbitraryRelatedPod, { minLength: 2, maxLength: 4 }),
  steps: fc.array(stepWith(arbitraryFeaturedNode), { minLength: 4, maxLength: 16, size: "max" }),
  objects: arbitraryRelatingObjects,
});

/** A cluster above 100 nodes, where upstream looks at a sample, and a few pods. */
export const arbitraryLargeHistory: fc.Arbitrary<ClusterHistory> = fc.record({
  nodes: arbitraryNodes(101, 240),
  templates: fc.array(arbitraryPodTemplate, { minLength: 1, maxLength: 2 }),
  steps: fc.array(schedule, { minLength: 2, maxLength: 5, size: "max" }),
});
