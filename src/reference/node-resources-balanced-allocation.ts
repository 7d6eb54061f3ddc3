import { allocatableOf, usedOf } from "./node-amounts.ts";
import { amountsOf } from "./pod-amounts.ts";
import type { ReferencePlugin } from "./reference-plugin.ts";

export function referenceNodeResourcesBalancedAllocation(resources: readonly string[]): ReferencePlugin {
  return {
    preScore(pod) {
      const request = amountsOf(pod, "held");
      return resources.every((resource) => (request.get(resource) ?? 0n) === 0n) ? "skip" : undefined;
    },
    score(pod, node) {
      const withPod: number[] = [];
      const withoutPod: number[] = [];
      for (const resource of resources) {
        const request = amountsOf(pod, "held").get(resource) ?? 0n;
        const allocatable = allocatableOf(node, resource);
        const native = resource === "cpu" || resource === "memory" || resource === "ephemeral-storage";
        if (allocatable === 0n || (!native && request === 0n)) continue;
        const used = usedOf(node, resource, "held");
        withPod.push(fraction(used + request, allocatable));
        withoutPod.push(fraction(used, allocatable));
      }
      return 50n + (50n + balance(withPod) - balance(withoutPod)) / 2n;
    },
  };
}

function fraction(used: bigint, allocatable: bigint): number {
  return Math.min(Number(used) / Number(allocatable), 1);
}

function balance(fractions: readonly number[]): bigint {
  return BigInt(Math.trunc((1 - deviation(fractions)) * 100));
}

function deviation(fractions: readonly number[]): number {
  if (fractions.length < 2) return 0;
  if (fractions.length === 2) return Math.abs((fractions[0] - fractions[1]) / 2);
  let sum = 0;
  for (const share of fractions) sum += share;
  const mean = sum / fractions.length;
  let squares = 0;
  for (const share of fractions) squares += (share - mean) * (share - mean);
  return Math.sqrt(squares / fractions.length);
}
