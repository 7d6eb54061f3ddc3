import { assert } from "../base/assert.ts";
import { Interner } from "../base/interner.ts";
import { type Column, grow } from "./column.ts";
import { MAX_DEVICES_PER_NODE, type NodeDevices, WHOLE_DEVICE } from "./device.ts";

/** The devices of all nodes: device d of a node stands at `first[node] + d` of `free`. */
export interface DeviceColumns {
  readonly first: Column;
  readonly count: Column;
  /** Which model, an id of `models`; -1 on nodes without devices. */
  readonly model: Column;
  /** What is left of each device, in thousandths of one. */
  readonly free: Column;
  /** By node: how many devices are wholly free, and what is left of the device with the most. */
  readonly wholeFree: Column;
  readonly mostFree: Column;
  readonly models: Interner;
}

/** The writing side of `DeviceColumns`; only the cluster holds one. */
export class DeviceState implements DeviceColumns {
  first: Int32Array = new Int32Array(16);
  count: Int32Array = new Int32Array(16);
  model: Int32Array = new Int32Array(16).fill(-1);
  free: Float64Array = new Float64Array(16);
  wholeFree: Int32Array = new Int32Array(16);
  mostFree: Int32Array = new Int32Array(16);
  readonly models = new Interner();
  #used = 0;

  addNode(row: number, devices: NodeDevices | undefined): void {
    this.first = grow(this.first, row + 1);
    this.count = grow(this.count, row + 1);
    this.model = grow(this.model, row + 1, -1);
    const count = devices?.count ?? 0;
    assert(count <= MAX_DEVICES_PER_NODE, `node with ${count} devices (at most ${MAX_DEVICES_PER_NODE})`);
    this.first[row] = this.#used;
    this.count[row] = count;
    this.model[row] = devices === undefined ? -1 : this.models.intern(devices.model);
    this.free = grow(this.free, this.#used + count);
    this.free.fill(WHOLE_DEVICE, this.#used, this.#used + count);
    this.#used += count;
    this.wholeFree = grow(this.wholeFree, row + 1);
    this.mostFree = grow(this.mostFree, row + 1);
    this.#sumUp(row);
  }

  /** Takes (`sign` -1) or returns (`sign` 1) `milli` of each device in the set of bits. */
  change(node: number, devices: number, milli: number, sign: 1 | -1): void {
    const first = this.first[node];
    for (let bits = devices; bits !== 0; bits &= bits - 1) {
      const device = first + 31 - Math.clz32(bits & -bits);
      const left = this.free[device] + sign * milli;
      assert(left >= 0 && left <= WHOLE_DEVICE, `device ${device} of node ${node} would have ${left} free`);
      this.free[device] = left;
    }
    this.#sumUp(node);
  }

  #sumUp(node: number): void {
    const first = this.first[node];
    let whole = 0;
    let most = 0;
    for (let device = first; device < first + this.count[node]; device++) {
      const left = this.free[device];
      if (left === WHOLE_DEVICE) whole++;
      if (left > most) most = left;
    }
    this.wholeFree[node] = whole;
    this.mostFree[node] = most;
  }
}
