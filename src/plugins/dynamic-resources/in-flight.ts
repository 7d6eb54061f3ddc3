import type { DeviceAllocationResult } from "../../kubernetes/device-object.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import type { ClaimAllocation } from "./allocator.ts";

type ClusterView = Cycle["cluster"];

const pending = new WeakMap<ClusterView, Map<string, readonly DeviceAllocationResult[]>>();

/**
 * Reserve: the devices are taken from now on, although no claim object says so yet. Claims in flight are known per
 * cluster, by the keys of `allocationsOn`.
 */
export function holdInFlight(cluster: ClusterView, allocations: readonly ClaimAllocation[]): void {
  let claims = pending.get(cluster);
  if (claims === undefined) {
    claims = new Map();
    pending.set(cluster, claims);
  }
  for (const { key, results } of allocations) claims.set(key, results);
}

export function isInFlight(cluster: ClusterView, key: string): boolean {
  return pending.get(cluster)?.has(key) === true;
}

export function devicesInFlight(cluster: ClusterView): DeviceAllocationResult[] {
  return [...(pending.get(cluster)?.values() ?? [])].flat();
}
