import type { Device, ResourceSliceObject, ResourceSliceSpec } from "../kubernetes/device-object.ts";
import type { NodeSelector } from "../kubernetes/node-selector.ts";
import { termMatches } from "./node-selector-terms.ts";
import type { ReferenceCluster, ReferenceNode } from "./reference-plugin.ts";

/** One device of a slice. */
export interface ReferenceDevice {
  /** `driver/pool/device`. */
  readonly id: string;
  readonly driver: string;
  readonly pool: ReferencePool;
  readonly device: Device;
  /** Whether the node at hand may use it. */
  readonly here: boolean;
}

/** A pool as a node sees it. */
export interface ReferencePool {
  readonly driver: string;
  readonly name: string;
  readonly devices: readonly ReferenceDevice[];
  /** All slices of the newest generation, wherever they are for. */
  readonly slices: readonly ResourceSliceSpec[];
  readonly incomplete: boolean;
  readonly invalid: boolean;
}

/** The pools of a node, in the order in which they are searched (upstream: GatherPools). */
export function poolsOn(node: ReferenceNode, { objects }: ReferenceCluster): ReferencePool[] {
  const ofNode = objects.resourceSlices.filter(({ spec }) => !spec?.nodeName || spec.nodeName === node.name);
  const relevant = ofNode.filter(({ spec = {} }) => isRelevant(spec, node));
  const pools: ReferencePool[] = [];
  for (const { spec: { driver = "", pool: { name = "" } = {} } = {} } of relevant) {
    if (pools.some((pool) => pool.driver === driver && pool.name === name)) continue;
    const isOfPool = ({ spec }: ResourceSliceObject): boolean =>
      (spec?.driver ?? "") === driver && (spec?.pool?.name ?? "") === name;
    const pool = poolOn(
      node,
      relevant.filter(isOfPool),
      ofNode.filter(isOfPool),
      objects.resourceSlices.filter(isOfPool),
    );
    if (pool !== undefined) pools.push(pool);
  }
  return pools.sort(
    (a, b) =>
      Number(waitsForConditions(a)) - Number(waitsForConditions(b)) ||
      compare(a.driver, b.driver) ||
      compare(a.name, b.name),
  );
}

function poolOn(
  node: ReferenceNode,
  relevant: readonly ResourceSliceObject[],
  ofNode: readonly ResourceSliceObject[],
  everywhere: readonly ResourceSliceObject[],
): ReferencePool | undefined {
  const newest = Math.max(...relevant.map(generationOf));
  const slices = relevant.filter((slice) => generationOf(slice) === newest);
  const { driver = "", pool: { name = "", resourceSliceCount = 0 } = {} } = slices[0].spec ?? {};
  const complete = slices.length === resourceSliceCount;
  if (!complete && everywhere.some((slice) => generationOf(slice) > newest)) return undefined;
  const current = everywhere.filter((slice) => generationOf(slice) === newest);
  const devices: ReferenceDevice[] = [];
  const pool: ReferencePool = {
    driver,
    name,
    devices,
    slices: current.map(({ spec = {} }) => spec),
    incomplete: !complete && current.length !== resourceSliceCount,
    invalid: isInvalid(ofNode.filter((slice) => generationOf(slice) === newest)),
  };
  slices.sort((a, b) => compare(a.metadata?.name ?? "", b.metadata?.name ?? ""));
  for (const { spec = {} } of slices) {
    for (const device of spec.devices ?? []) {
      const here = spec.perDeviceNodeSelection !== true || isFor(device, node);
      devices.push({ id: `${driver}/${name}/${device.name ?? ""}`, driver, pool, device, here });
    }
  }
  return pool;
}

function isRelevant(spec: ResourceSliceSpec, node: ReferenceNode): boolean {
  if (spec.perDeviceNodeSelection === true) return (spec.devices ?? []).some((device) => isFor(device, node));
  return isFor(spec, node);
}

export function isFor(
  selection: {
    readonly nodeName?: string;
    readonly allNodes?: boolean;
    readonly nodeSelector?: NodeSelector;
  },
  node: ReferenceNode,
): boolean {
  if (selection.nodeName) return selection.nodeName === node.name;
  if (selection.allNodes === true) return true;
  return (selection.nodeSelector?.nodeSelectorTerms ?? []).some((term) => termMatches(term, node));
}

/** Devices or counter sets of one name, or a device that draws on counters that are not there. */
function isInvalid(slices: readonly ResourceSliceObject[]): boolean {
  const devices = slices.flatMap(({ spec }) => spec?.devices ?? []);
  const sets = slices.flatMap(({ spec }) => spec?.sharedCounters ?? []);
  if (new Set(devices.map((device) => device.name)).size < devices.length) return true;
  if (new Set(sets.map((set) => set.name)).size < sets.length) return true;
  return devices
    .flatMap(({ consumesCounters = [] }) => consumesCounters)
    .some(({ counterSet, counters = {} }) => {
      const known = sets.find((set) => set.name === counterSet)?.counters;
      return known === undefined || Object.keys(counters).some((counter) => !(counter in known));
    });
}

function waitsForConditions({ devices }: ReferencePool): boolean {
  return devices.some(({ device }) => (device.bindingConditions ?? []).length > 0);
}

function generationOf({ spec }: ResourceSliceObject): number {
  return spec?.pool?.generation ?? 0;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
