import type { DeviceAllocationResult } from "../../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import { addCapacity, type CapacityAmounts, fullName, nano } from "./consumed-capacity.ts";
import { deviceId } from "./device-inventory.ts";

/** What claims hold, allocated and in flight. */
export interface AllocatedDevices {
  /** Ids of devices that nobody else may take. */
  readonly dedicated: ReadonlySet<string>;
  /** What is taken of the devices that several may share, by id. */
  readonly shared: ReadonlyMap<string, CapacityAmounts>;
}

const written = new WeakMap<KubernetesObjects["resourceClaims"], readonly DeviceAllocationResult[]>();

/** Admin access holds nothing. */
export function allocatedDevices(
  { resourceClaims }: KubernetesObjects,
  inFlight: Iterable<DeviceAllocationResult>,
): AllocatedDevices {
  let known = written.get(resourceClaims);
  if (known === undefined) {
    known = resourceClaims.flatMap(({ status }) => status?.allocation?.devices?.results ?? []);
    written.set(resourceClaims, known);
  }
  const dedicated = new Set<string>();
  const shared = new Map<string, CapacityAmounts>();
  for (const result of [...known, ...inFlight]) {
    if (result.adminAccess === true) continue;
    const id = deviceId(result.driver, result.pool, result.device);
    if (result.shareID === undefined) {
      dedicated.add(id);
      continue;
    }
    const sums = shared.get(id) ?? new Map<string, bigint>();
    const amounts = Object.entries(result.consumedCapacity ?? {}).map(
      ([name, amount]) => [fullName(name, result.driver ?? ""), nano(amount)] as const,
    );
    addCapacity(sums, new Map(amounts));
    shared.set(id, sums);
  }
  return { dedicated, shared };
}
