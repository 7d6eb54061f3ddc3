import type { AllocatedDevices } from "./allocated-devices.ts";
import { nano } from "./consumed-capacity.ts";
import type { PooledDevice } from "./device-inventory.ts";
import type { Pool } from "./pools.ts";

/**
 * Shared counters of pools: what their devices in use leave, less what one search takes. A counter that is overdrawn
 * already stops every device that draws on its pool's counters, as upstream has it (checkAvailableCounters).
 */
export class CounterLedger {
  readonly #allocated: AllocatedDevices;
  readonly #left = new Map<string, Map<string, bigint>>();

  constructor(allocated: AllocatedDevices) {
    this.#allocated = allocated;
  }

  /** Draws what the device consumes; false, and nothing is drawn, when a counter would go below zero. */
  take(pool: Pool, device: PooledDevice): boolean {
    const left = this.#leftIn(pool);
    add(left, device, -1n);
    for (const amount of left.values()) {
      if (amount >= 0n) continue;
      add(left, device, 1n);
      return false;
    }
    return true;
  }

  giveBack(pool: Pool, device: PooledDevice): void {
    add(this.#leftIn(pool), device, 1n);
  }

  #leftIn({ id, slices }: Pool): Map<string, bigint> {
    let left = this.#left.get(id);
    if (left === undefined) {
      left = new Map();
      this.#left.set(id, left);
      for (const { name = "", counters = {} } of slices.flatMap(({ spec }) => spec.sharedCounters ?? [])) {
        for (const [counter, { value = 0 }] of Object.entries(counters)) {
          left.set(`${name}/${counter}`, nano(value));
        }
      }
      const { dedicated, shared } = this.#allocated;
      for (const device of slices.flatMap((slice) => slice.devices)) {
        if (dedicated.has(device.id) || shared.has(device.id)) add(left, device, -1n);
      }
    }
    return left;
  }
}

function add(left: Map<string, bigint>, { device }: PooledDevice, sign: 1n | -1n): void {
  for (const { counterSet = "", counters = {} } of device.consumesCounters ?? []) {
    for (const [counter, { value = 0 }] of Object.entries(counters)) {
      const key = `${counterSet}/${counter}`;
      const before = left.get(key);
      if (before !== undefined) left.set(key, before + sign * nano(value));
    }
  }
}
