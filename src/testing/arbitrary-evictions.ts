import fc from "fast-check";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { PodDisruptionBudgetObject } from "../kubernetes/cluster-object.ts";
import { nodeName, rarely, weighted, ZONE } from "./arbitrary-parts.ts";

/** What happens to a cluster in which pods preempt one another; numbers are taken modulo how many there are. */
export type EvictionStep =
  | {
      readonly kind: "place";
      readonly template: number;
      readonly node: number;
      readonly start: number | undefined;
    }
  | { readonly kind: "start"; readonly pod: number; readonly start: number }
  | { readonly kind: "release"; readonly pod: number }
  | { readonly kind: "nominate"; readonly template: number; readonly node: number }
  | { readonly kind: "clear"; readonly pod: number }
  | { readonly kind: "update"; readonly node: number; readonly spec: NodeSpec }
  | { readonly kind: "budgets"; readonly budgets: readonly PodDisruptionBudgetObject[] }
  /** A pod asks who would make room; then its victims go, and it comes there or is nominated, or nothing of it. */
  | {
      readonly kind: "ask";
      readonly template: number;
      readonly offset: number;
      readonly outcome: "place" | "nominate" | "nothing";
      /** Whether it is a pod that is nominated already, where there is one. */
      readonly again: boolean;
    };

export interface EvictionHistory {
  readonly nodes: readonly NodeSpec[];
  /** Of pods that are placed, and of those that ask or are nominated. */
  readonly residents: readonly PodTemplate[];
  readonly newcomers: readonly PodTemplate[];
  /** Of DefaultPreemptionArgs. */
  readonly minCandidateNodesAbsolute: number;
  readonly steps: readonly EvictionStep[];
}

const node: fc.Arbitrary<NodeSpec> = fc
  .record({
    zone: fc.constantFrom("a", "b"),
    cpu: weighted([4, "4"], [1, "3"], [1, "6"]),
    cordoned: rarely(10, fc.constant(true)),
  })
  .map(({ zone, cpu, cordoned }) => ({
    object: {
      kind: "Node",
      metadata: { labels: { [ZONE]: zone } },
      spec: { ...(cordoned && { unschedulable: true }) },
      status: { allocatable: { cpu, memory: "8Gi", pods: 6 } },
    },
  }));

const template = (priority: fc.Arbitrary<number>): fc.Arbitrary<PodTemplate> =>
  fc
    .record({
      cpu: weighted([5, "1"], [2, "2"], [1, "3"]),
      priority,
      app: fc.constantFrom("web", "db"),
      port: rarely(12, fc.constant(80)),
      alone: rarely(40, fc.constant(true)),
      leaving: rarely(10, fc.constant(true)),
    })
    .map(({ cpu, priority, app, port, alone, leaving }) => ({
      name: "pod",
      object: {
        kind: "Pod",
        metadata: { labels: { app }, ...(leaving && { deletionTimestamp: "2030-01-01T00:00:00Z" }) },
        spec: {
          priority,
          containers: [
            {
              resources: { requests: { cpu } },
              ...(port !== undefined && { ports: [{ containerPort: port, hostPort: port }] }),
            },
          ],
          ...(alone && {
            affinity: {
              podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                  { topologyKey: ZONE, labelSelector: { matchLabels: { app: "none" } } },
                ],
              },
            },
          }),
        },
      },
    }));

const budget: fc.Arbitrary<PodDisruptionBudgetObject> = fc
  .record({ app: fc.constantFrom("web", "db"), disruptionsAllowed: fc.nat({ max: 2 }) })
  .map(({ app, disruptionsAllowed }) => ({
    kind: "PodDisruptionBudget",
    metadata: { namespace: "default" },
    spec: { selector: { matchLabels: { app } } },
    status: { disruptionsAllowed },
  }));

const any = fc.nat({ max: 1000 });
const start = fc.nat({ max: 4 });

const place = fc.record({
  kind: fc.constant("place" as const),
  template: any,
  node: any,
  start: fc.option(start, { nil: undefined }),
});

const step: fc.Arbitrary<EvictionStep> = fc.oneof(
  { weight: 8, arbitrary: place },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("start" as const), pod: any, start }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("release" as const), pod: any }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("nominate" as const), template: any, node: any }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("clear" as const), pod: any }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("update" as const), node: any, spec: node }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("budgets" as const),
      budgets: fc.array(budget, { maxLength: 2 }),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      template: any,
      offset: any,
      outcome: fc.constantFrom("place" as const, "nominate" as const, "nothing" as const),
      again: fc.boolean(),
    }),
  },
);

/** A full cluster of a few kinds of pods, and what becomes of it. */
export const arbitraryEvictions: fc.Arbitrary<EvictionHistory> = fc.record({
  nodes: fc.array(node, { minLength: 1, maxLength: 8, size: "max" }).map((specs) =>
    specs.map(({ object }, i) => ({
      object: { ...object, metadata: { ...object.metadata, name: nodeName(i) } },
    })),
  ),
  residents: fc.array(template(weighted([2, 0], [2, 1], [2, 2], [1, 3], [1, 10])), {
    minLength: 3,
    maxLength: 6,
    size: "max",
  }),
  newcomers: fc.array(template(weighted([1, 2], [3, 5], [3, 10])), {
    minLength: 1,
    maxLength: 3,
    size: "max",
  }),
  minCandidateNodesAbsolute: fc.integer({ min: 1, max: 5 }),
  steps: fc
    .tuple(
      fc.array(place, { minLength: 8, maxLength: 30, size: "max" }),
      fc.array(step, { minLength: 15, maxLength: 60, size: "max" }),
    )
    .map(([first, then]) => [...first, ...then]),
});
