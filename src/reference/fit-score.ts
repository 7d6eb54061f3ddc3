import type { PodTemplate } from "../cluster/specs.ts";
import type { ReferenceCluster, ReferenceNode } from "./reference-plugin.ts";
import type { ReferenceStrategy } from "./reference-policy.ts";
import { scoredAmounts } from "./scored-amounts.ts";

/** NodeResourcesFit's score of a node, in int64. */
export function fitScore(
  strategy: ReferenceStrategy,
  pod: PodTemplate,
  node: ReferenceNode,
  cluster: ReferenceCluster,
): bigint {
  let sum = 0n;
  let weights = 0n;
  for (const { name, weight } of strategy.resources) {
    const held = name === "cpu" || name === "memory" ? "nonZeroHeld" : "held";
    const amounts = scoredAmounts(name, { pod, node, cluster }, "fitScore", held);
    if (amounts === undefined) continue;
    const score = resourceScore(strategy, amounts.after, amounts.allocatable);
    if (strategy.type === "RequestedToCapacityRatio" && score <= 0n) continue;
    sum = int64(sum + score * BigInt(weight));
    weights += BigInt(weight);
  }
  if (weights === 0n) return 0n;
  if (strategy.type !== "RequestedToCapacityRatio") return sum / weights;
  return BigInt(Math.trunc(Math.round(Number(sum) / Number(weights))));
}

function resourceScore(strategy: ReferenceStrategy, requested: bigint, allocatable: bigint): bigint {
  switch (strategy.type) {
    case "LeastAllocated":
      return requested > allocatable ? 0n : int64(int64(allocatable - requested) * 100n) / allocatable;
    case "MostAllocated":
      return int64((requested > allocatable ? allocatable : requested) * 100n) / allocatable;
    case "RequestedToCapacityRatio":
      return shapeAt(strategy.shape, requested > allocatable ? 100n : int64(requested * 100n) / allocatable);
  }
}

function shapeAt(shape: readonly { utilization: number; score: number }[], p: bigint): bigint {
  const u = shape.map(({ utilization }) => BigInt(utilization));
  const y = shape.map(({ score }) => BigInt(score) * 10n);
  for (let i = 0; i < u.length; i++) {
    if (p > u[i]) continue;
    if (i === 0) return y[0];
    return y[i - 1] + ((y[i] - y[i - 1]) * (p - u[i - 1])) / (u[i] - u[i - 1]);
  }
  return y.at(-1)!;
}

/** Sums and products wrap around as Go's do: huge sizes give scores that fail the cycle there too. */
function int64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}
