import fc from "fast-check";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { PodDisruptionBudgetObject } from "../kubernetes/cluster-object.ts";
import type { LabelSelector } from "../kubernetes/label-selector.ts";
import type { NodeObject } from "../kubernetes/node.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { arbitraryNodes } from "./arbitrary-history.ts";
import { nodeName, rarely, weighted, ZONE } from "./arbitrary-parts.ts";
import {
  arbitraryFeaturedNode,
  arbitraryRelatedPod,
  arbitraryRelatingObjects,
} from "./arbitrary-relations.ts";

/** Objects as they come from the API: a full cluster, and pods that may push others out. */
export interface CrowdedCluster {
  /** Nodes, pods with a place or a nomination, disruption budgets, and what else there is. */
  readonly objects: readonly { readonly kind: string }[];
  /** To be scheduled, in this order. */
  readonly pods: readonly PodObject[];
}

const budget: fc.Arbitrary<PodDisruptionBudgetObject> = fc
  .record({
    namespace: weighted([4, "default"], [1, "prod"]),
    selector: weighted<LabelSelector | undefined>(
      [4, { matchLabels: { app: "web" } }],
      [2, { matchLabels: { app: "db" } }],
      [2, { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] }],
      [1, {}],
      [1, undefined],
    ),
    disruptionsAllowed: weighted([4, 0], [3, 1], [2, 2]),
    disrupted: fc.subarray(["e0", "e1", "e2", "e3", "e4"]),
  })
  .map(({ namespace, selector, disruptionsAllowed, disrupted }) => ({
    kind: "PodDisruptionBudget",
    apiVersion: "policy/v1",
    metadata: { name: "b", namespace },
    spec: { ...(selector && { selector }) },
    status: {
      disruptionsAllowed,
      disruptedPods: Object.fromEntries(disrupted.map((name) => [name, "2030-01-01T00:00:00Z"])),
    },
  }));

/** What a pod is asked for beside being related to others. */
interface Claim {
  readonly template: PodTemplate;
  readonly cpu: string;
  readonly priority: number;
  readonly port: number | undefined;
}

/** Nothing but labels, by which budgets know it. */
const plainPod: fc.Arbitrary<PodTemplate> = fc
  .constantFrom("web", "web", "db")
  .map((app) => ({ name: "pod", object: { kind: "Pod", metadata: { labels: { app } }, spec: {} } }));

/** A node that differs from others in little but its zone. */
const plainNode: fc.Arbitrary<NodeSpec> = fc
  .record({ zone: fc.constantFrom("a", "b"), cpu: weighted([3, "4"], [1, "3"]) })
  .map(({ zone, cpu }) => ({
    object: {
      kind: "Node",
      metadata: { labels: { [ZONE]: zone, disk: "ssd" } },
      status: { allocatable: { cpu, memory: "8Gi", pods: 110 } },
    },
  }));

const claim = (priority: fc.Arbitrary<number>): fc.Arbitrary<Claim> =>
  fc.record({
    template: fc.oneof({ weight: 1, arbitrary: plainPod }, { weight: 1, arbitrary: arbitraryRelatedPod }),
    cpu: fc.constantFrom("1", "1", "2", "3"),
    priority,
    port: rarely(15, fc.constantFrom(80, 8080)),
  });

function podOf(name: string, { template, cpu, priority, port }: Claim, node?: string): PodObject {
  const { metadata, spec } = template.object;
  const { schedulingGates: _, nodeName: __, ...rest } = spec ?? {};
  const ports = port === undefined ? {} : { ports: [{ containerPort: port, hostPort: port }] };
  return {
    kind: "Pod",
    apiVersion: "v1",
    metadata: { ...metadata, name },
    spec: {
      ...rest,
      priority,
      containers: [{ name: "c", resources: { requests: { cpu } }, ...ports }],
      ...(node !== undefined && { nodeName: node }),
    },
  };
}

const residents = fc.array(
  fc.record({
    claim: claim(weighted([4, 0], [2, 5], [1, 10])),
    node: fc.nat({ max: 5 }).map(nodeName),
    started: weighted<number | undefined>([6, 1], [2, 2], [1, undefined]),
    leaving: rarely(8, fc.constant(true)),
  }),
  { minLength: 4, maxLength: 16, size: "max" },
);
const newcomers = fc.array(
  fc.record({
    claim: claim(weighted([2, 0], [3, 5], [4, 10], [2, 20])),
    nominated: rarely(20, fc.nat({ max: 5 }).map(nodeName)),
    never: rarely(8, fc.constant(true)),
  }),
  { minLength: 2, maxLength: 5, size: "max" },
);

/** A few nodes, mostly full; priorities, budgets, nominations, victims that are leaving already. */
export const arbitraryCrowdedCluster: fc.Arbitrary<CrowdedCluster> = fc
  .record({
    nodes: arbitraryNodes(
      2,
      6,
      fc.oneof({ weight: 3, arbitrary: plainNode }, { weight: 1, arbitrary: arbitraryFeaturedNode }),
    ),
    residents,
    waiting: fc.array(
      fc.record({
        claim: claim(weighted([2, 0], [3, 5], [2, 10])),
        node: fc.nat({ max: 5 }).map(nodeName),
      }),
      { maxLength: 2 },
    ),
    newcomers,
    budgets: fc.array(budget, { maxLength: 3 }),
    relating: arbitraryRelatingObjects,
  })
  .map((drawn) => ({
    objects: [
      ...drawn.relating.namespaces,
      ...drawn.relating.services.map((service) => ({ apiVersion: "v1", ...service })),
      ...drawn.relating.owners,
      ...drawn.budgets,
      ...drawn.nodes.map(({ object }): NodeObject => ({ ...object, apiVersion: "v1" })),
      ...drawn.residents.map((one, i): PodObject => {
        const pod = podOf(`e${i}`, one.claim, one.node);
        const victim = { type: "DisruptionTarget", status: "True", reason: "PreemptionByScheduler" };
        return {
          ...pod,
          metadata: { ...pod.metadata, ...(one.leaving && { deletionTimestamp: "2029-12-31T00:00:00Z" }) },
          status: {
            ...(one.started !== undefined && { startTime: `2029-12-0${one.started}T00:00:00Z` }),
            ...(one.leaving && { conditions: [victim] }),
          },
        };
      }),
      ...drawn.waiting.map(
        ({ claim: asked, node }, i): PodObject => ({
          ...podOf(`w${i}`, asked),
          status: { nominatedNodeName: node },
        }),
      ),
    ],
    pods: drawn.newcomers.map(({ claim: asked, nominated, never }, i): PodObject => {
      const pod = podOf(`p${i}`, asked);
      return {
        ...pod,
        spec: { ...pod.spec, ...(never && { preemptionPolicy: "Never" }) },
        ...(nominated !== undefined && { status: { nominatedNodeName: nominated } }),
      };
    }),
  }));
