import { DEVICE_RESOURCE, WHOLE_DEVICE } from "../cluster/device.ts";
import { parseQuantity } from "../kubernetes/quantity.ts";
import { type AmountsUse, amountsOf, inSchedulerUnits } from "./pod-amounts.ts";
import type { ReferenceNode } from "./reference-plugin.ts";

/** What a node offers of a resource, in the scheduler's units; 0 when it does not say. */
export function allocatableOf(node: ReferenceNode, resource: string): bigint {
  if (resource === DEVICE_RESOURCE && node.devices !== undefined) {
    return BigInt(node.devices.count) * BigInt(WHOLE_DEVICE);
  }
  const amount = node.object.status?.allocatable?.[resource];
  return amount === undefined ? 0n : inSchedulerUnits(resource, parseQuantity(amount).nano);
}

/** The sum over the pods on a node, added up anew. */
export function usedOf(node: ReferenceNode, resource: string, use: AmountsUse): bigint {
  let sum = 0n;
  for (const { pod } of node.pods) sum = BigInt.asIntN(64, sum + (amountsOf(pod, use).get(resource) ?? 0n));
  return sum;
}

/** What is left of each device, in thousandths. */
export function freeDevices(node: ReferenceNode): number[] {
  const free = Array.from({ length: node.devices?.count ?? 0 }, () => WHOLE_DEVICE);
  for (const { pod, devices } of node.pods) {
    for (const device of devices) free[device] = free[device] - (pod.devices?.milli ?? 0);
  }
  return free;
}
