import type { NodeColumns } from "../../cluster/node-columns.ts";
import { HUGE_AMOUNT, type PodKind, type ResourceAmounts } from "../../cluster/pod-kind.ts";
import { milliValue, parseQuantity, wholeValue } from "../../kubernetes/quantity.ts";
import type { Cycle } from "../../scheduler/plugin.ts";

/** What upstream's int64 makes of a sum or a product: it wraps around. */
export function int64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** What a node offers of a resource, where its column may be rounded. */
export function allocatableInFull(nodes: NodeColumns, resource: number, node: number): bigint {
  const rounded = nodes.allocatable[resource][node];
  if (Math.abs(rounded) < HUGE_AMOUNT) return BigInt(rounded);
  const name = nodes.resources.valueOf(resource);
  const quantity = parseQuantity(nodes.object(node).status?.allocatable?.[name] ?? 0);
  return int64(name === "cpu" ? milliValue(quantity) : wholeValue(quantity));
}

/** What the pods of a node take of a resource, added up anew, where the column may be rounded. */
export function takenInFull(
  { cluster }: Cycle,
  resource: number,
  node: number,
  amountsOf: (kind: PodKind) => ResourceAmounts,
): bigint {
  let sum = 0n;
  for (const pod of cluster.podsOn(node)) sum += amountsOf(cluster.kindOf(pod)).exactly(resource);
  return int64(sum);
}
