import type { DeviceAllocationResult } from "../../kubernetes/device-object.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import type { ClaimAllocation } from "./allocator.ts";
import { DeviceLedger } from "./device-ledger.ts";

type ClusterView = Cycle["cluster"];

interface InFlight {
  readonly claims: Map<string, readonly DeviceAllocationResult[]>;
  readonly devices: DeviceLedger;
}

const pending = new WeakMap<ClusterView, InFlight>();

/**
 * Reserve: the devices are taken from now on, although no claim object says so yet. Claims in flight are known per
 * cluster, by the keys of `allocationsOn`.
 */
export function holdInFlight(cluster: ClusterView, allocations: readonly ClaimAllocation[]): void {
  const { claims, devices } = inFlightOf(cluster);
  for (const { key, results } of allocations) {
    devices.remove(claims.get(key) ?? []);
    claims.set(key, results);
    devices.add(results);
  }
}

export function isInFlight(cluster: ClusterView, key: string): boolean {
  return pending.get(cluster)?.claims.has(key) === true;
}

/** What all claims in flight hold; it changes with them. */
export function devicesInFlight(cluster: ClusterView): DeviceLedger {
  return inFlightOf(cluster).devices;
}

/** PreBind: the claim object is about to say it; undefined when nothing was held under that key. */
export function takeFromFlight(
  cluster: ClusterView,
  key: string,
): readonly DeviceAllocationResult[] | undefined {
  const { claims, devices } = inFlightOf(cluster);
  const results = claims.get(key);
  if (results === undefined) return undefined;
  claims.delete(key);
  devices.remove(results);
  return results;
}

function inFlightOf(cluster: ClusterView): InFlight {
  let inFlight = pending.get(cluster);
  if (inFlight === undefined) {
    inFlight = { claims: new Map(), devices: new DeviceLedger() };
    pending.set(cluster, inFlight);
  }
  return inFlight;
}
