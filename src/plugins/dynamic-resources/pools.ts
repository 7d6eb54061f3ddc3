import type { DeviceInventory, PooledDevice, Slice } from "./device-inventory.ts";
import { groupBy } from "./group-by.ts";

/** A resource pool as one node sees it. */
export interface Pool {
  /** `driver/pool`. */
  readonly id: string;
  /** Devices of the slices that are for the node, slices by name. */
  readonly devices: readonly PooledDevice[];
  /** All slices of the generation, also those for other nodes: counters are shared among them. */
  readonly slices: readonly Slice[];
  readonly incomplete: boolean;
  readonly invalid: boolean;
}

/**
 * Pools with devices for a node: of the highest generation that the node sees, ordered by driver and name, those with
 * binding conditions last (upstream: structured/internal/incubating/pools_incubating.go, GatherPools).
 */
export function poolsOf(
  { byNodeName, byPool, shared }: DeviceInventory,
  labels: ReadonlyMap<string, string>,
  nodeName: string,
): Pool[] {
  const relevant = [
    ...(byNodeName.get(nodeName) ?? []),
    ...shared.filter((slice) => slice.isFor(labels, nodeName)),
  ];
  const pools: Pool[] = [];
  for (const [id, slices] of groupBy(relevant, (slice) => slice.poolId)) {
    const generation = Math.max(...slices.map((slice) => slice.generation));
    const mine = slices.filter((slice) => slice.generation === generation);
    const all = byPool.get(id)!;
    const current = all.filter((slice) => slice.generation === generation);
    const count = mine[0].spec.pool?.resourceSliceCount ?? 0;
    if (mine.length !== count && all.some((slice) => slice.generation > generation)) continue;
    mine.sort((a, b) => compare(a.name, b.name));
    pools.push({
      id,
      devices: mine.flatMap((slice) => slice.devices),
      slices: current,
      incomplete: mine.length !== count && current.length !== count,
      invalid: isInvalid(current.filter(({ spec }) => !spec.nodeName || spec.nodeName === nodeName)),
    });
  }
  return pools.sort((a, b) => rank(a) - rank(b) || comparePools(a, b));
}

function rank({ devices }: Pool): number {
  return devices.some(({ device }) => (device.bindingConditions ?? []).length > 0) ? 1 : 0;
}

function comparePools(a: Pool, b: Pool): number {
  const [one, other] = [a.devices[0], b.devices[0]];
  if (one === undefined || other === undefined) return compare(a.id, b.id);
  return compare(one.driver, other.driver) || compare(one.pool, other.pool);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names that occur twice, or a device that draws on a counter which the pool lacks. */
function isInvalid(slices: readonly Slice[]): boolean {
  const names = new Set<string>();
  const counters = new Map<string, ReadonlySet<string>>();
  for (const { spec } of slices) {
    for (const { name = "", counters: set = {} } of spec.sharedCounters ?? []) {
      if (counters.has(name)) return true;
      counters.set(name, new Set(Object.keys(set)));
    }
  }
  for (const { id, device } of slices.flatMap((slice) => slice.devices)) {
    if (names.has(id)) return true;
    names.add(id);
    for (const { counterSet = "", counters: used = {} } of device.consumesCounters ?? []) {
      const known = counters.get(counterSet);
      if (known === undefined || Object.keys(used).some((name) => !known.has(name))) return true;
    }
  }
  return false;
}
