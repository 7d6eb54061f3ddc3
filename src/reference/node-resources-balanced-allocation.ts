import { amountsOf } from "./pod-amounts.ts";
import type { ReferencePlugin } from "./reference-plugin.ts";
import { scoredAmounts } from "./scored-amounts.ts";

export function referenceNodeResourcesBalancedAllocation(resources: readonly string[]): ReferencePlugin {
  return {
    preScore(pod) {
      const request = amountsOf(pod, "held");
      return resources.every((resource) => (request.get(resource) ?? 0n) === 0n) ? "skip" : undefined;
    },
    score(pod, node, cluster) {
      const withPod: number[] = [];
      const withoutPod: number[] = [];
      for (const resource of resources) {
        const amounts = scoredAmounts(resource, { pod, node, cluster }, "held", "held");
        if (amounts === undefined) continue;
        withPod.push(fraction(amounts.after, amounts.allocatable));
        withoutPod.push(fraction(amounts.before, amounts.allocatable));
      }
      return 50n + BigInt.asIntN(64, 50n + balance(withPod) - balance(withoutPod)) / 2n;
    },
  };
}

function fraction(used: bigint, allocatable: bigint): number {
  return Math.min(Number(used) / Number(allocatable), 1);
}

function balance(fractions: readonly number[]): bigint {
  const balance = Math.trunc((1 - deviation(fractions)) * 100);
  // What amd64 makes of a float that int64 cannot hold.
  return Math.abs(balance) < 2 ** 63 ? BigInt(balance) : -(2n ** 63n);
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
