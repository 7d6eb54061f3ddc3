import type { Column } from "../cluster/column.ts";
import { CPU, EPHEMERAL_STORAGE, MEMORY } from "../cluster/node-columns.ts";
import type { Cycle, Plugin, Score } from "../scheduler/plugin.ts";
import type { RowKernel } from "../scheduler/row-kernel.ts";
import { deviceBackedResources } from "./dynamic-resources/device-classes.ts";
import { int64 } from "./scoring/amounts-in-full.ts";
import { amountsInFull, scoredInFull } from "./scoring/scored-in-full.ts";
import { signRequests } from "./signing/sign-requests.ts";

const NAME = "NodeResourcesBalancedAllocation";

export interface NodeResourcesBalancedAllocationArgs {
  /** Names of resources; cpu and memory when absent. */
  readonly resources?: readonly string[];
}

interface Balanced {
  readonly allocatable: Column;
  readonly requested: Column;
  readonly request: number;
}

/**
 * Prefers nodes on which the pod evens out the shares of what is allocated: 50 plus half of how much the balance improves,
 * where balance is `trunc((1 - standard deviation of the shares) * 100)`; 75 means no change
 * (upstream: plugins/noderesources/balanced_allocation.go). Skips pods that ask for none of the resources.
 */
export function nodeResourcesBalancedAllocation({
  resources = ["cpu", "memory"],
}: NodeResourcesBalancedAllocationArgs = {}): Plugin {
  const score = (cycle: Cycle): Score | undefined => {
    const balanced = balancedResources(cycle, resources);
    if (balanced.every(({ request }) => request === 0)) return undefined;
    const fast = balanced.length === 2 ? scoreTwo(balanced[0], balanced[1]) : scoreMany(balanced);
    return scoredInFull(NAME, cycle, resources, fast, (node) => scoreInFull(cycle, resources, node));
  };
  const ofCpuAndMemory = resources.length === 2 && resources.includes("cpu") && resources.includes("memory");
  return {
    name: NAME,
    // An extended resource that devices provide is counted in devices.
    reads: (pod) => (deviceBackedResources(pod).some((name) => resources.includes(name)) ? "cluster" : "row"),
    score,
    ...(ofCpuAndMemory && { kernel: { insteadOf: { score }, of: kernel } }),
    sign: signRequests,
    eventsToRegister: [],
  };
}

/** Of cpu and memory. */
function kernel({ pod }: Cycle): RowKernel | undefined {
  if (pod.huge) return undefined;
  const cpu = pod.requests.of(CPU);
  const memory = pod.requests.of(MEMORY);
  return cpu === 0 && memory === 0 ? {} : { score: { of: "balance", cpu, memory } };
}

function balancedResources({ nodes, pod }: Cycle, names: readonly string[]): Balanced[] {
  const balanced: Balanced[] = [];
  for (const name of names) {
    const resource = nodes.resources.find(name);
    if (resource === undefined) continue;
    const request = pod.requests.of(resource);
    if (resource > EPHEMERAL_STORAGE && request === 0) continue;
    balanced.push({
      allocatable: nodes.allocatable[resource],
      requested: nodes.requested[resource],
      request,
    });
  }
  return balanced;
}

/** Two resources, the default: the standard deviation is half the difference of the shares. */
function scoreTwo(a: Balanced, b: Balanced): Score {
  return ({ rows, length }, scores) => {
    for (let i = 0; i < length; i++) {
      const node = rows[i];
      const hasA = a.allocatable[node];
      const hasB = b.allocatable[node];
      if (hasA === 0 || hasB === 0) {
        // One share alone is always balanced.
        scores[i] = 75;
        continue;
      }
      const usedA = a.requested[node];
      const usedB = b.requested[node];
      const before = balanceOfTwo(Math.min(usedA / hasA, 1), Math.min(usedB / hasB, 1));
      const after = balanceOfTwo(
        Math.min((usedA + a.request) / hasA, 1),
        Math.min((usedB + b.request) / hasB, 1),
      );
      scores[i] = 50 + Math.trunc((50 + after - before) / 2);
    }
  };
}

function balanceOfTwo(a: number, b: number): number {
  return Math.trunc((1 - Math.abs(a - b) / 2) * 100);
}

function scoreMany(resources: readonly Balanced[]): Score {
  const before: number[] = [];
  const after: number[] = [];
  return ({ rows, length }, scores) => {
    for (let i = 0; i < length; i++) {
      const node = rows[i];
      before.length = 0;
      after.length = 0;
      for (const { allocatable, requested, request } of resources) {
        const has = allocatable[node];
        if (has === 0) continue;
        before.push(Math.min(requested[node] / has, 1));
        after.push(Math.min((requested[node] + request) / has, 1));
      }
      scores[i] = 50 + Math.trunc((50 + balance(after) - balance(before)) / 2);
    }
  };
}

function scoreInFull(cycle: Cycle, names: readonly string[], node: number): bigint {
  const before: number[] = [];
  const after: number[] = [];
  for (const name of names) {
    const amounts = amountsInFull(cycle, name, node, "real");
    if (amounts === undefined) continue;
    const { allocatable, requested, request } = amounts;
    before.push(Math.min(Number(int64(requested - request)) / Number(allocatable), 1));
    after.push(Math.min(Number(requested) / Number(allocatable), 1));
  }
  return 50n + int64(50n + balanceInFull(after) - balanceInFull(before)) / 2n;
}

/** Where int64 cannot hold it, amd64 makes the least number of it. */
function balanceInFull(shares: readonly number[]): bigint {
  const rounded = balance(shares);
  return Math.abs(rounded) < 2 ** 63 ? BigInt(rounded) : -(2n ** 63n);
}

function balance(shares: readonly number[]): number {
  return Math.trunc((1 - standardDeviation(shares)) * 100);
}

function standardDeviation(shares: readonly number[]): number {
  if (shares.length < 2) return 0;
  if (shares.length === 2) return Math.abs(shares[0] - shares[1]) / 2;
  let total = 0;
  for (const share of shares) total += share;
  const mean = total / shares.length;
  let squares = 0;
  for (const share of shares) squares += (share - mean) * (share - mean);
  return Math.sqrt(squares / shares.length);
}
