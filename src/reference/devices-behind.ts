import type { DeviceClassObject, ResourceSliceSpec } from "../kubernetes/device-object.ts";
import { CycleFailure } from "./cycle-failure.ts";
import { classBehind } from "./device-claims-extended.ts";
import { isFor } from "./device-claims-pools.ts";
import { selects } from "./device-claims-selector.ts";
import type { ReferenceCluster, ReferenceNode } from "./reference-plugin.ts";

/**
 * How many devices of the class that backs an extended resource a node may use, and how many of them are taken; none when no class
 * does, or a selector of it fails. Pools and their generations do not matter here.
 */
export function devicesBehind(
  resource: string,
  node: ReferenceNode,
  cluster: ReferenceCluster,
): { readonly all: bigint; readonly taken: bigint } {
  const { objects, promisedClaims } = cluster;
  const className = classBehind(resource, cluster);
  const deviceClass = objects.deviceClasses.find(({ metadata }) => metadata?.name === className);
  if (className === undefined || deviceClass === undefined) return { all: 0n, taken: 0n };
  const taken = [...objects.resourceClaims, ...promisedClaims]
    .flatMap(({ status }) => status?.allocation?.devices?.results ?? [])
    .filter(({ adminAccess }) => adminAccess !== true)
    .map(({ driver, pool, device }) => JSON.stringify([driver, pool, device]));
  try {
    const ids = objects.resourceSlices.flatMap(({ spec = {} }) => devicesOf(spec, deviceClass, node));
    return { all: BigInt(ids.length), taken: BigInt(ids.filter((id) => taken.includes(id)).length) };
  } catch (error) {
    if (error instanceof CycleFailure) return { all: 0n, taken: 0n };
    throw error;
  }
}

/** The devices of a slice that the node may use and the class accepts. */
function devicesOf(slice: ResourceSliceSpec, { spec }: DeviceClassObject, node: ReferenceNode): string[] {
  const { driver = "", pool, devices = [], perDeviceNodeSelection = false } = slice;
  if (!perDeviceNodeSelection && !isFor(slice, node)) return [];
  return devices
    .filter((device) => !perDeviceNodeSelection || isFor(device, node))
    .filter((device) =>
      (spec?.selectors ?? []).every(({ cel }) => selects(cel?.expression ?? "", device, driver)),
    )
    .map((device) => JSON.stringify([driver, pool?.name, device.name]));
}
