import type { DeviceAllocationResult } from "../../kubernetes/device-object.ts";
import { addCapacity, type CapacityAmounts, fullName, nano } from "./consumed-capacity.ts";
import { deviceId } from "./device-inventory.ts";

interface SharedDevice {
  users: number;
  readonly taken: CapacityAmounts;
}

/** Counts the changes of all ledgers. */
let lastStamp = 0;

/** Who holds which device, as results of allocations come and go. Admin access holds nothing. */
export class DeviceLedger {
  /** How often a device is held whole, by id. */
  readonly #dedicated = new Map<string, number>();
  readonly #shared = new Map<string, SharedDevice>();
  readonly #stamps = new Map<string, number>();

  add(results: readonly DeviceAllocationResult[]): void {
    for (const result of results) this.#count(result, 1);
  }

  remove(results: readonly DeviceAllocationResult[]): void {
    for (const result of results) this.#count(result, -1);
  }

  isDedicated(id: string): boolean {
    return this.#dedicated.has(id);
  }

  /** What is taken of a device that several may share; undefined when nobody does. */
  sharedAmounts(id: string): CapacityAmounts | undefined {
    return this.#shared.get(id)?.taken;
  }

  /**
   * A number that no other state of a pool's devices has, in this ledger or another; 0 when none was ever held.
   * @param pool `driver/pool`
   */
  stampOf(pool: string): number {
    return this.#stamps.get(pool) ?? 0;
  }

  #count(result: DeviceAllocationResult, sign: 1 | -1): void {
    const { driver = "", pool = "", device, shareID, consumedCapacity, adminAccess } = result;
    if (adminAccess === true) return;
    const id = deviceId(driver, pool, device);
    const poolId = `${driver}/${pool}`;
    this.#stamps.set(poolId, ++lastStamp);
    if (shareID === undefined) {
      const times = (this.#dedicated.get(id) ?? 0) + sign;
      if (times === 0) this.#dedicated.delete(id);
      else this.#dedicated.set(id, times);
      return;
    }
    const amounts = new Map<string, bigint>();
    for (const [name, amount] of Object.entries(consumedCapacity ?? {})) {
      amounts.set(fullName(name, driver), nano(amount));
    }
    const share = this.#shared.get(id) ?? { users: 0, taken: new Map<string, bigint>() };
    share.users += sign;
    addCapacity(share.taken, amounts, sign === 1 ? 1n : -1n);
    if (share.users === 0) this.#shared.delete(id);
    else this.#shared.set(id, share);
  }
}
