import fc from "fast-check";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { TopologySpreadConstraint } from "../kubernetes/affinity.ts";
import { arbitraryNodes, type ClusterHistory } from "./arbitrary-history.ts";
import { withName } from "./arbitrary-node.ts";
import { nodeName, rarely, weighted, ZONE } from "./arbitrary-parts.ts";
import { arbitraryPodTemplate } from "./arbitrary-pod.ts";
import {
  arbitraryFeaturedNode,
  arbitraryRelatedPod,
  arbitraryRelatingObjects,
} from "./arbitrary-relations.ts";
import { type HistoryStep, stepWith } from "./arbitrary-step.ts";

/** What happens to pods that were not placed at once; numbers are taken modulo how many there are. */
export type PressedStep =
  | HistoryStep
  /** A pod that no node took tries again. */
  | { readonly kind: "retry"; readonly pod: number }
  /** Victims of preemption are gone: one of them, or all. */
  | { readonly kind: "evict"; readonly pod: number; readonly all: boolean }
  /** A new pod is expected on a node before any attempt, as after a restart of the scheduler. */
  | { readonly kind: "nominate"; readonly template: number; readonly node: number }
  /** A waiting pod is deleted, and its nomination with it. */
  | { readonly kind: "withdraw"; readonly pod: number };

/** A history in which pods preempt others, wait for them to leave, and are thought of meanwhile. */
export interface PressedHistory extends Omit<ClusterHistory, "steps"> {
  readonly steps: readonly PressedStep[];
}

const any = fc.nat({ max: 999 });

const pressedStep = (spec: fc.Arbitrary<NodeSpec>): fc.Arbitrary<PressedStep> =>
  fc.oneof(
    { weight: 15, arbitrary: stepWith(spec) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("retry" as const), pod: any }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("evict" as const), pod: any, all: fc.boolean() }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("nominate" as const), template: any, node: any }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("withdraw" as const), pod: any }) },
  );

/** Nodes that differ in little, with room for a few pods. */
const tightNode: fc.Arbitrary<NodeSpec> = fc
  .record({
    zone: fc.constantFrom("a", "b"),
    cpu: weighted([4, "4"], [1, "3"], [1, "6"]),
    pods: weighted([4, 6], [1, 2]),
    cordoned: rarely(10, fc.constant(true)),
  })
  .map(({ zone, cpu, pods, cordoned }) => ({
    object: {
      kind: "Node",
      metadata: { labels: { [ZONE]: zone, disk: "ssd" } },
      spec: { ...(cordoned && { unschedulable: true }) },
      status: { allocatable: { cpu, memory: "8Gi", pods } },
    },
  }));

/** Nothing but a size. */
const plainPod: fc.Arbitrary<PodTemplate> = fc
  .constantFrom("web", "db")
  .map((app) => ({ name: "pod", object: { kind: "Pod", metadata: { labels: { app } }, spec: {} } }));

/** The pod with another size and priority, so that it meets full nodes and pushes others out. */
const eager = (pod: fc.Arbitrary<PodTemplate>): fc.Arbitrary<PodTemplate> =>
  fc
    .record({
      pod,
      cpu: weighted([5, "1"], [3, "2"], [1, "3"]),
      priority: weighted([3, 0], [2, 1], [2, 5], [2, 10]),
      port: rarely(12, fc.constantFrom(80, 8080)),
    })
    .map(({ pod: { object, ...rest }, cpu, priority, port }) => ({
      ...rest,
      object: {
        ...object,
        spec: {
          ...object.spec,
          priority,
          containers: [
            {
              name: "c",
              resources: { requests: { cpu } },
              ...(port !== undefined && { ports: [{ containerPort: port, hostPort: port }] }),
            },
          ],
        },
      },
    }));

const plain: fc.Arbitrary<PressedHistory> = fc.record({
  nodes: arbitraryNodes(1, 4, tightNode),
  templates: fc.array(eager(plainPod), { minLength: 2, maxLength: 5 }),
  steps: fc.array(pressedStep(tightNode), { minLength: 12, maxLength: 40, size: "max" }),
});

const related: fc.Arbitrary<PressedHistory> = fc.record({
  nodes: arbitraryNodes(1, 5, fc.oneof(tightNode, arbitraryFeaturedNode)),
  templates: fc.array(eager(fc.oneof(plainPod, arbitraryRelatedPod, arbitraryPodTemplate)), {
    minLength: 2,
    maxLength: 4,
  }),
  steps: fc.array(pressedStep(fc.oneof(tightNode, arbitraryFeaturedNode)), {
    minLength: 10,
    maxLength: 30,
    size: "max",
  }),
  objects: arbitraryRelatingObjects,
});

/** A crowded cluster, in which important pods come to nodes that are full. */
export const arbitraryPressedHistory: fc.Arbitrary<PressedHistory> = fc.oneof(
  { weight: 2, arbitrary: plain },
  { weight: 1, arbitrary: related },
);

/** Deployments whose pods differ in nothing but labels, so that what nodes say of one holds for the others. */
export const arbitraryKindredHistory: fc.Arbitrary<ClusterHistory> = fc
  .record({
    nodes: weighted([2, 3], [5, 8], [3, 14]).chain((most) =>
      arbitraryNodes(Math.ceil(most / 2), most, arbitraryFeaturedNode),
    ),
    patterns: fc.array(fc.oneof(arbitraryPodTemplate, arbitraryRelatedPod), { minLength: 1, maxLength: 2 }),
    labels: fc.array(fc.constantFrom("web", "db", "cache", "queue"), { minLength: 3, maxLength: 5 }),
    priorities: fc.constantFrom([0], [0], [0, 10]),
    steps: fc.array(stepWith(arbitraryFeaturedNode), { minLength: 8, maxLength: 30, size: "max" }),
    objects: arbitraryRelatingObjects,
  })
  .map(({ patterns, labels, priorities, ...rest }) => ({
    ...rest,
    templates: patterns.flatMap((pattern) =>
      labels.map((app, i) => withLabel(pattern, app, priorities[i % priorities.length])),
    ),
  }));

/** So many nodes that differ, among pods that mind one another, that there are more classes of nodes than get columns of their own. */
export const arbitraryWideHistory: fc.Arbitrary<ClusterHistory> = fc.record({
  nodes: fc
    .array(arbitraryFeaturedNode, { minLength: 30, maxLength: 90, size: "max" })
    .map((nodes) => nodes.map((node, i) => withName(node, nodeName(i)))),
  templates: fc.array(arbitraryRelatedPod, { minLength: 1, maxLength: 3 }),
  steps: fc.array(stepWith(arbitraryFeaturedNode), { minLength: 20, maxLength: 50, size: "max" }),
  objects: arbitraryRelatingObjects,
});

/** Sizes that tell against spreading; some lack a label. */
const looseNode: fc.Arbitrary<NodeSpec> = fc
  .record({
    zone: weighted<string | undefined>([2, "a"], [2, "b"], [1, undefined]),
    disk: weighted<string | undefined>([3, "ssd"], [1, "hdd"], [1, undefined]),
    cpu: fc.constantFrom("4", "8", "32"),
  })
  .map(({ zone, disk, cpu }) => ({
    object: {
      kind: "Node",
      metadata: { labels: { ...(zone && { [ZONE]: zone }), ...(disk && { disk }) } },
      status: { allocatable: { cpu, memory: "8Gi", pods: 110 } },
    },
  }));

const constraint: fc.Arbitrary<TopologySpreadConstraint> = fc
  .record({
    topologyKey: fc.constantFrom(ZONE, "kubernetes.io/hostname", "disk"),
    maxSkew: fc.constantFrom(1, 2, 4),
    whenUnsatisfiable: weighted<"ScheduleAnyway" | "DoNotSchedule">(
      [4, "ScheduleAnyway"],
      [1, "DoNotSchedule"],
    ),
    app: fc.constantFrom("web", "db"),
  })
  .map(({ app, ...rest }) => ({ ...rest, labelSelector: { matchLabels: { app } } }));

/** Pods that would like to be apart, on nodes of which some lack a label by which they would be, or are not for them. */
export const arbitrarySpreadHistory: fc.Arbitrary<ClusterHistory> = fc.record({
  nodes: arbitraryNodes(3, 12, looseNode),
  templates: fc.array(
    fc
      .record({
        app: fc.constantFrom("web", "db"),
        topologySpreadConstraints: fc.array(constraint, { minLength: 1, maxLength: 3 }),
        nodeSelector: rarely(25, fc.constant({ disk: "ssd" })),
      })
      .map(({ app, topologySpreadConstraints, nodeSelector }) => ({
        name: "pod",
        object: {
          kind: "Pod",
          metadata: { labels: { app } },
          spec: {
            containers: [{ resources: { requests: { cpu: "1" } } }],
            topologySpreadConstraints,
            ...(nodeSelector && { nodeSelector }),
          },
        },
      })),
    { minLength: 1, maxLength: 2 },
  ),
  steps: fc.array(stepWith(looseNode), { minLength: 8, maxLength: 24, size: "max" }),
});

function withLabel({ object, ...rest }: PodTemplate, app: string, priority: number): PodTemplate {
  const { metadata, spec } = object;
  return {
    ...rest,
    object: {
      ...object,
      metadata: { ...metadata, labels: { ...metadata?.labels, app } },
      spec: { ...spec, priority },
    },
  };
}
