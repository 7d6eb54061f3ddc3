import type { PodTemplate } from "../cluster/specs.ts";
import { allocatableOf, usedOf } from "./node-amounts.ts";
import { amountsOf } from "./pod-amounts.ts";
import type { ReferenceNode } from "./reference-plugin.ts";
import type { ReferenceStrategy } from "./reference-policy.ts";

/** NodeResourcesFit's score of a node, in int64. */
export function fitScore(strategy: ReferenceStrategy, pod: PodTemplate, node: ReferenceNode): bigint {
  let sum = 0n;
  let weights = 0n;
  for (const { name, weight } of strategy.resources) {
    const amounts = resourceAmounts(pod, node, name);
    if (amounts === undefined) continue;
    const score = resourceScore(strategy, amounts.requested, amounts.allocatable);
    if (strategy.type === "RequestedToCapacityRatio" && score <= 0n) continue;
    sum += score * BigInt(weight);
    weights += BigInt(weight);
  }
  if (weights === 0n) return 0n;
  if (strategy.type !== "RequestedToCapacityRatio") return sum / weights;
  return BigInt(Math.trunc(Math.round(Number(sum) / Number(weights))));
}

/** undefined: the resource is dropped, with its weight. */
function resourceAmounts(
  pod: PodTemplate,
  node: ReferenceNode,
  name: string,
): { requested: bigint; allocatable: bigint } | undefined {
  const request = amountsOf(pod, "fitScore").get(name) ?? 0n;
  const allocatable = allocatableOf(node, name);
  if (allocatable === 0n) return undefined;
  if (name === "cpu" || name === "memory") {
    return { requested: int64(usedOf(node, name, "nonZeroHeld") + request), allocatable };
  }
  if (name !== "ephemeral-storage" && request === 0n) return undefined;
  return { requested: int64(usedOf(node, name, "held") + request), allocatable };
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
