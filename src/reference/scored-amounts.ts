import type { PodTemplate } from "../cluster/specs.ts";
import { devicesBehind } from "./devices-behind.ts";
import { allocatableOf, usedOf } from "./node-amounts.ts";
import { type AmountsUse, amountsOf } from "./pod-amounts.ts";
import type { ReferenceCluster, ReferenceNode } from "./reference-plugin.ts";

/** One resource of one node, as a score looks at it. */
export interface ScoredAmounts {
  readonly allocatable: bigint;
  /** Without the pod, and with it. */
  readonly before: bigint;
  readonly after: bigint;
}

/**
 * undefined: the resource is dropped, with its weight.
 * @param asked what counts of the pod
 * @param held what counts of the pods on the node
 */
export function scoredAmounts(
  name: string,
  { pod, node, cluster }: { pod: PodTemplate; node: ReferenceNode; cluster: ReferenceCluster },
  asked: AmountsUse,
  held: AmountsUse,
): ScoredAmounts | undefined {
  const request = amountsOf(pod, asked).get(name) ?? 0n;
  const isNative = name === "cpu" || name === "memory" || name === "ephemeral-storage";
  if (!isNative && request === 0n) return undefined;
  let allocatable = allocatableOf(node, name);
  let before = usedOf(node, name, held);
  if (allocatable === 0n && !isNative) {
    const devices = devicesBehind(name, node, cluster);
    allocatable = devices.all;
    before = devices.taken;
  }
  return allocatable === 0n ? undefined : { allocatable, before, after: BigInt.asIntN(64, before + request) };
}
