import { UserError } from "../base/errors.ts";
import { CPU, EPHEMERAL_STORAGE, MEMORY, type NodeColumns } from "../cluster/node-columns.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import { isDeviceBackedResource, isExtendedResource, isScalarResource } from "../kubernetes/resource-name.ts";
import type { Cycle, Plugin } from "../scheduler/plugin.ts";
import { rememberedPerKind } from "../scheduler/remembered.ts";
import { NOT_ASKED_FOR, type RowKernel, type RowKernelSource } from "../scheduler/row-kernel.ts";
import { type Filter, keepWhere } from "../scheduler/selection.ts";
import type { Status } from "../scheduler/status.ts";
import { deviceBackedResources, deviceClassesOf } from "./dynamic-resources/device-classes.ts";
import { allocatableInFull, int64, takenInFull } from "./scoring/amounts-in-full.ts";
import { leastAllocated } from "./scoring/least-allocated.ts";
import { mostAllocated } from "./scoring/most-allocated.ts";
import { requestedToCapacityRatio } from "./scoring/requested-to-capacity-ratio.ts";
import type { ResourceWeight } from "./scoring/scored-resources.ts";
import type { ShapePoint } from "./scoring/shape-table.ts";
import { signRequests } from "./signing/sign-requests.ts";

/** What a node is worth by what would be allocated on it (upstream: NodeResourcesFitArgs.scoringStrategy). */
export type ScoringStrategy =
  | { readonly type: "LeastAllocated" | "MostAllocated"; readonly resources?: readonly ResourceWeight[] }
  | {
      readonly type: "RequestedToCapacityRatio";
      readonly resources?: readonly ResourceWeight[];
      readonly shape: readonly ShapePoint[];
    };

export interface NodeResourcesFitArgs {
  /** LeastAllocated over cpu and memory when absent. */
  readonly scoringStrategy?: ScoringStrategy;
  /** Extended resources that the filter does not look at. */
  readonly ignoredResources?: readonly string[];
  /** Domains of extended resources, the part before `/`, that the filter does not look at. */
  readonly ignoredResourceGroups?: readonly string[];
}

const CPU_AND_MEMORY: readonly ResourceWeight[] = [
  { name: "cpu", weight: 1 },
  { name: "memory", weight: 1 },
];

/** Scored also for pods that do not ask for them. */
const ALWAYS_COUNTED: readonly string[] = ["cpu", "memory", "ephemeral-storage"];

const NO_RESOURCES: ReadonlySet<number> = new Set();

/** What must be free, in the order in which upstream complains: cpu, memory, ephemeral-storage, then the others by name. */
interface Demand {
  readonly resources: Int32Array;
  readonly amounts: Float64Array;
  /** Those of them that devices might provide, by name. */
  readonly maybeDevices: readonly string[];
}

/**
 * Rejects nodes without room for the pod's requests, and scores the others by a strategy
 * (upstream: plugins/noderesources/fit.go and resource_allocation.go).
 */
export function nodeResourcesFit({
  scoringStrategy,
  ignoredResources = [],
  ignoredResourceGroups = [],
}: NodeResourcesFitArgs = {}): Plugin {
  const strategy = scoringStrategy ?? { type: "LeastAllocated" };
  const resources = strategy.resources ?? CPU_AND_MEMORY;
  for (const { name, weight } of resources) {
    if (!(Number.isInteger(weight) && weight >= 1 && weight <= 100)) {
      throw new UserError(
        `invalid resource weight of ${name}: ${weight}; write a whole number from 1 to 100`,
      );
    }
  }
  const demandOf = demandWithout(ignoredResources, ignoredResourceGroups);
  const filter = (cycle: Cycle): Filter => {
    const demand = demandOf(cycle);
    const delegated = resourcesOfClasses(cycle, demand);
    if (delegated.size === 0 && cycle.nodes.hugeNodes === 0) return fits(cycle, demand);
    const judge = judgeFit(cycle, demand, delegated);
    return keepWhere((node) => judge(node) === undefined);
  };
  const score = scoreBy(strategy, resources);
  return {
    name: "NodeResourcesFit",
    // Who provides an extended resource depends on device classes, and what of it is left on claims.
    reads: (pod) => (deviceBackedResources(pod).length === 0 ? "row" : "cluster"),
    filter,
    judge(cycle) {
      const demand = demandOf(cycle);
      return judgeFit(cycle, demand, resourcesOfClasses(cycle, demand));
    },
    score,
    kernel: { insteadOf: { filter, score }, of: kernelOf(strategy, resources, demandOf) },
    sign: signRequests,
    eventsToRegister: ["AssignedPodDelete", "NodeAdd", "NodeUpdate"],
  };
}

function scoreBy(
  strategy: ScoringStrategy,
  resources: readonly ResourceWeight[],
): NonNullable<Plugin["score"]> {
  switch (strategy.type) {
    case "LeastAllocated":
      return leastAllocated(resources);
    case "MostAllocated":
      return mostAllocated(resources);
    case "RequestedToCapacityRatio":
      return requestedToCapacityRatio(resources, strategy.shape);
  }
}

/** Where of cpu, memory and storage just the first two are scored, and of what else the pod asks for nothing. */
function kernelOf(
  { type }: ScoringStrategy,
  resources: readonly ResourceWeight[],
  demandOf: (cycle: Cycle) => Demand,
): RowKernelSource["of"] {
  // What the pod does not ask for does not count, save for these three.
  const counted = resources.filter(({ name }) => ALWAYS_COUNTED.includes(name));
  const cpuWeight = counted.find(({ name }) => name === "cpu")?.weight;
  const memoryWeight = counted.find(({ name }) => name === "memory")?.weight;
  if (cpuWeight === undefined || memoryWeight === undefined || counted.length > 2) return () => undefined;
  if (type === "RequestedToCapacityRatio") return () => undefined;
  const of = type === "LeastAllocated" ? "least" : "most";
  return (cycle) => {
    const { pod } = cycle;
    if (pod.huge) return undefined;
    const cpu = pod.scoring.of(CPU);
    const score = { of, cpu, memory: pod.scoring.of(MEMORY), cpuWeight, memoryWeight } as const;
    const fit = amountsToFit(pod);
    if (!asksForMore(pod)) return { fit, score };
    const demand = demandOf(cycle);
    if (resources.length > counted.length || resourcesOfClasses(cycle, demand).size > 0) return undefined;
    return { fit: { ...fit, rest: restFits(cycle, demand) }, score };
  };
}

function amountsToFit({ demand: { resources, amounts } }: PodKind): NonNullable<RowKernel["fit"]> {
  let cpu = NOT_ASKED_FOR;
  let memory = NOT_ASKED_FOR;
  let storage = NOT_ASKED_FOR;
  for (let i = 0; i < resources.length; i++) {
    const amount = amounts[i];
    // A sum that wrapped around asks for less than nothing.
    if (amount <= 0) continue;
    if (resources[i] === CPU) cpu = amount;
    else if (resources[i] === MEMORY) memory = amount;
    else if (resources[i] === EPHEMERAL_STORAGE) storage = amount;
  }
  return { cpu, memory, storage };
}

function asksForMore({ demand: { resources } }: PodKind): boolean {
  for (let i = 0; i < resources.length; i++) if (resources[i] > EPHEMERAL_STORAGE) return true;
  return false;
}

/** Room for what is demanded beside cpu, memory and storage; undefined: nothing is. */
function restFits({ nodes }: Cycle, { resources, amounts }: Demand): Filter | undefined {
  const { allocatable, requested } = nodes;
  const first = resources.findIndex((resource) => resource > EPHEMERAL_STORAGE);
  if (first === -1) return undefined;
  return keepWhere((node) => {
    for (let r = first; r < resources.length; r++) {
      const resource = resources[r];
      if (amounts[r] > allocatable[resource][node] - requested[resource][node]) return false;
    }
    return true;
  });
}

/** What pods ask for of each kind of resource that the filter looks at; only extended resources can be ignored. */
function demandWithout(names: readonly string[], groups: readonly string[]): (cycle: Cycle) => Demand {
  const isIgnored = (name: string): boolean =>
    isExtendedResource(name) && (names.includes(name) || groups.includes(name.split("/", 1)[0]));
  return rememberedPerKind(({ pod, nodes }: Cycle): Demand => {
    const { resources, amounts } = pod.demand;
    const counts = (resource: number, amount: number): boolean => {
      // A sum that wrapped around asks for less than nothing.
      if (resource <= EPHEMERAL_STORAGE) return amount > 0;
      const name = nodes.resources.valueOf(resource);
      return isScalarResource(name) && !isIgnored(name);
    };
    const entries = Array.from(resources, (resource, i) => ({ resource, amount: amounts[i] }))
      .filter(({ resource, amount }) => counts(resource, amount))
      .sort((a, b) => complaintOrder(nodes, a.resource, b.resource));
    return {
      resources: Int32Array.from(entries, ({ resource }) => resource),
      amounts: Float64Array.from(entries, ({ amount }) => amount),
      maybeDevices: entries
        .map(({ resource }) => nodes.resources.valueOf(resource))
        .filter(isDeviceBackedResource),
    };
  });
}

function complaintOrder(nodes: NodeColumns, a: number, b: number): number {
  if (a <= EPHEMERAL_STORAGE || b <= EPHEMERAL_STORAGE) return a - b;
  return nodes.resources.valueOf(a) < nodes.resources.valueOf(b) ? -1 : 1;
}

function fits(cycle: Cycle, { resources, amounts }: Demand): Filter {
  const { podCount, allowedPods, allocatable, requested } = cycle.nodes;
  const filters: Filter[] = [];
  // Most pods ask for one or two resources: those go in one pass with the pod count.
  const hasA = allocatable[resources[0] ?? 0];
  const usedA = requested[resources[0] ?? 0];
  const amountA = amounts[0] ?? Number.NEGATIVE_INFINITY;
  const hasB = allocatable[resources[1] ?? 0];
  const usedB = requested[resources[1] ?? 0];
  const amountB = amounts[1] ?? Number.NEGATIVE_INFINITY;
  filters.push((candidates) => {
    const { rows, length } = candidates;
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const node = rows[i];
      if (
        amountA <= hasA[node] - usedA[node] &&
        amountB <= hasB[node] - usedB[node] &&
        podCount[node] < allowedPods[node]
      ) {
        rows[kept++] = node;
      }
    }
    candidates.length = kept;
  });
  for (let r = 2; r < resources.length; r++) {
    const has = allocatable[resources[r]];
    const used = requested[resources[r]];
    const amount = amounts[r];
    filters.push(keepWhere((node) => amount <= has[node] - used[node]));
  }
  if (filters.length === 1) return filters[0];
  return (candidates) => {
    for (const filter of filters) filter(candidates);
  };
}

/** Demanded resources that some device class backs: a node that does not offer one leaves it to DynamicResources. */
function resourcesOfClasses({ cluster, nodes }: Cycle, { maybeDevices }: Demand): ReadonlySet<number> {
  if (maybeDevices.length === 0) return NO_RESOURCES;
  const { byResource } = deviceClassesOf(cluster.objects);
  return new Set(
    maybeDevices.filter((name) => byResource.has(name)).map((name) => nodes.resources.find(name)!),
  );
}

function judgeFit(
  cycle: Cycle,
  demand: Demand,
  delegated: ReadonlySet<number>,
): (node: number) => Status | undefined {
  const { nodes } = cycle;
  return (node) => {
    const reasons: string[] = [];
    let unresolvable = false;
    if (nodes.podCount[node] + 1 > nodes.allowedPods[node]) reasons.push("Too many pods");
    const lackOf = nodes.huge[node] === 1 ? lackInFull : lack;
    for (let r = 0; r < demand.resources.length; r++) {
      const resource = demand.resources[r];
      if (delegated.has(resource) && nodes.allocatable[resource][node] <= 0) continue;
      const lacks = lackOf(cycle, resource, demand.amounts[r], node);
      if (lacks === undefined) continue;
      reasons.push(`Insufficient ${nodes.resources.valueOf(resource)}`);
      unresolvable ||= lacks === "for ever";
    }
    if (reasons.length === 0) return undefined;
    return { code: unresolvable ? "UnschedulableAndUnresolvable" : "Unschedulable", reasons };
  };
}

/** Of a node that has not enough left: whether it could ever have. */
type Lack = "now" | "for ever" | undefined;

function lack({ nodes }: Cycle, resource: number, amount: number, node: number): Lack {
  const has = nodes.allocatable[resource][node];
  if (amount <= has - nodes.requested[resource][node]) return undefined;
  return amount > has ? "for ever" : "now";
}

function lackInFull(cycle: Cycle, resource: number, _rounded: number, node: number): Lack {
  const amount = cycle.pod.demand.exactly(resource);
  const has = allocatableInFull(cycle.nodes, resource, node);
  const taken = takenInFull(cycle, resource, node, ({ requests }) => requests);
  if (amount <= int64(has - taken)) return undefined;
  return amount > has ? "for ever" : "now";
}
