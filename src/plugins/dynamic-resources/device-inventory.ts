import type { Device, ResourceSliceSpec } from "../../kubernetes/device-object.ts";
import type { KubernetesObjects } from "../../kubernetes/kubernetes-objects.ts";
import { compileNodeSelector, type NodeSelector } from "../../kubernetes/node-selector.ts";
import { groupBy } from "./group-by.ts";

/** Whether a node is among those that a slice or a device is for. */
export type NodeTest = (labels: ReadonlyMap<string, string>, nodeName: string) => boolean;

/** One device of one slice. */
export interface PooledDevice {
  /** `driver/pool/device`. */
  readonly id: string;
  readonly driver: string;
  readonly pool: string;
  readonly device: Device;
  readonly slice: Slice;
  /** Whether the device itself is for the node; slices without per-device selection let all devices pass. */
  readonly isFor: NodeTest;
}

export interface Slice {
  readonly name: string;
  readonly spec: ResourceSliceSpec;
  /** `driver/pool`. */
  readonly poolId: string;
  readonly generation: number;
  readonly devices: readonly PooledDevice[];
  readonly isFor: NodeTest;
}

/** The slices of a cluster, by what a search needs. */
export interface DeviceInventory {
  readonly byPool: ReadonlyMap<string, readonly Slice[]>;
  readonly byNodeName: ReadonlyMap<string, readonly Slice[]>;
  /** Slices that name no node. */
  readonly shared: readonly Slice[];
}

const inventories = new WeakMap<KubernetesObjects["resourceSlices"], DeviceInventory>();

/** Built once per list of slices. */
export function deviceInventory({ resourceSlices }: KubernetesObjects): DeviceInventory {
  let inventory = inventories.get(resourceSlices);
  if (inventory === undefined) {
    const slices = resourceSlices.map(({ metadata = {}, spec = {} }) => makeSlice(metadata.name ?? "", spec));
    inventory = {
      byPool: groupBy(slices, (slice) => slice.poolId),
      byNodeName: groupBy(
        slices.filter(({ spec }) => spec.nodeName),
        ({ spec }) => spec.nodeName!,
      ),
      shared: slices.filter(({ spec }) => !spec.nodeName),
    };
    inventories.set(resourceSlices, inventory);
  }
  return inventory;
}

export function deviceId(driver = "", pool = "", device = ""): string {
  return `${driver}/${pool}/${device}`;
}

function makeSlice(name: string, spec: ResourceSliceSpec): Slice {
  const { driver = "", pool = {}, perDeviceNodeSelection = false } = spec;
  const poolName = pool.name ?? "";
  const devices: PooledDevice[] = [];
  const slice: Slice = {
    name,
    spec,
    poolId: `${driver}/${poolName}`,
    generation: pool.generation ?? 0,
    devices,
    isFor: perDeviceNodeSelection
      ? (labels, nodeName) => devices.some((device) => device.isFor(labels, nodeName))
      : nodeTest(spec),
  };
  for (const device of spec.devices ?? []) {
    devices.push({
      id: deviceId(driver, poolName, device.name),
      driver,
      pool: poolName,
      device,
      slice,
      isFor: perDeviceNodeSelection ? nodeTest(device) : anyNode,
    });
  }
  return slice;
}

const anyNode: NodeTest = () => true;
const noNode: NodeTest = () => false;

function nodeTest(selection: {
  readonly nodeName?: string;
  readonly allNodes?: boolean;
  readonly nodeSelector?: NodeSelector;
}): NodeTest {
  if (selection.nodeName) return (_, nodeName) => nodeName === selection.nodeName;
  if (selection.allNodes === true) return anyNode;
  if (selection.nodeSelector === undefined) return noNode;
  const selector = compileNodeSelector(selection.nodeSelector);
  return (labels, nodeName) => selector.matches(labels, nodeName);
}
