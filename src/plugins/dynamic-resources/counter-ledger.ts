import type { AllocatedDevices, PoolStamps } from "./allocated-devices.ts";
import { nano } from "./consumed-capacity.ts";
import type { PooledDevice, Slice } from "./device-inventory.ts";
import type { Pool } from "./pools.ts";

/** What the devices in use leave of a pool's counters, by `set/counter`. */
interface CountersLeft {
  readonly stamps: PoolStamps;
  readonly left: ReadonlyMap<string, bigint>;
  readonly isOverdrawn: boolean;
}

const known = new WeakMap<readonly Slice[], CountersLeft>();
const knownDraws = new WeakMap<PooledDevice, readonly Draw[]>();

/**
 * Shared counters of pools: what their devices in use leave, less what one search takes. A counter that is overdrawn
 * already stops every device that draws on its pool's counters, as upstream has it (checkAvailableCounters).
 */
export class CounterLedger {
  readonly #allocated: AllocatedDevices;
  /** What this search takes, by pool and counter. */
  readonly #drawn = new Map<string, Map<string, bigint>>();

  constructor(allocated: AllocatedDevices) {
    this.#allocated = allocated;
  }

  /** Draws what the device consumes; false, and nothing is drawn, when a counter would go below zero. */
  take(pool: Pool, device: PooledDevice): boolean {
    const { left, isOverdrawn } = countersLeft(pool, this.#allocated);
    if (isOverdrawn) return false;
    const drawn = this.#drawn.get(pool.id) ?? new Map<string, bigint>();
    this.#drawn.set(pool.id, drawn);
    const draws = drawsOf(device);
    for (const [counter, amount] of draws) drawn.set(counter, (drawn.get(counter) ?? 0n) + amount);
    for (const [counter] of draws) {
      const before = left.get(counter);
      if (before === undefined || drawn.get(counter)! <= before) continue;
      this.giveBack(pool, device);
      return false;
    }
    return true;
  }

  giveBack(pool: Pool, device: PooledDevice): void {
    const drawn = this.#drawn.get(pool.id)!;
    for (const [counter, amount] of drawsOf(device)) drawn.set(counter, drawn.get(counter)! - amount);
  }
}

/** Kept until a device of the pool changes hands. */
function countersLeft({ id, slices }: Pool, allocated: AllocatedDevices): CountersLeft {
  const before = known.get(slices);
  if (before !== undefined && allocated.isAsOf(id, before.stamps)) return before;
  const left = new Map<string, bigint>();
  for (const { spec } of slices) {
    for (const { name = "", counters = {} } of spec.sharedCounters ?? []) {
      for (const [counter, { value = 0 }] of Object.entries(counters)) {
        left.set(`${name}/${counter}`, nano(value));
      }
    }
  }
  for (const { devices } of slices) {
    for (const device of devices) {
      if (allocated.isFree(device.id)) continue;
      for (const [counter, amount] of drawsOf(device)) {
        const amountLeft = left.get(counter);
        if (amountLeft !== undefined) left.set(counter, amountLeft - amount);
      }
    }
  }
  const stamps = allocated.stampsOf(id);
  const made = { stamps, left, isOverdrawn: [...left.values()].some((amount) => amount < 0n) };
  known.set(slices, made);
  return made;
}

type Draw = readonly [counter: string, nanos: bigint];

function drawsOf(pooled: PooledDevice): readonly Draw[] {
  let draws = knownDraws.get(pooled);
  if (draws === undefined) {
    draws = (pooled.device.consumesCounters ?? []).flatMap(({ counterSet = "", counters = {} }) =>
      Object.entries(counters).map(
        ([counter, { value = 0 }]) => [`${counterSet}/${counter}`, nano(value)] as const,
      ),
    );
    knownDraws.set(pooled, draws);
  }
  return draws;
}
