import type { Trace } from "../trace/trace.ts";

/**
 * What every node holds at one moment of a trace. A pod holds its requests from the moment the scheduler chose its node
 * (Kubernetes: assume) until it finishes or is deleted. Totals are over the nodes that are present.
 */
export class HeldState {
  readonly trace: Trace;
  nowUs = 0;
  /** `held[resource][node]`. */
  readonly held: readonly Float64Array[];
  /** Totals per resource over the nodes present. */
  readonly capacity: Float64Array;
  readonly allocated: Float64Array;
  readonly present: Uint8Array;
  nodesPresent = 0;
  readonly podsOn: Int32Array;
  /** Nodes present that hold at least one pod. */
  nodesUsed = 0;
  /** Device d of a node is entry `deviceStart[node] + d`; `deviceStart[node + 1]` ends the node. */
  readonly deviceStart: Int32Array;
  /** Free thousandths of each device. */
  readonly deviceFree: Int32Array;
  /** Free thousandths of all devices of a node. */
  readonly devicesFreeOn: Float64Array;

  constructor(trace: Trace) {
    const { count, deviceCount } = trace.nodes;
    this.trace = trace;
    this.held = trace.resources.map(() => new Float64Array(count));
    this.capacity = new Float64Array(trace.resources.length);
    this.allocated = new Float64Array(trace.resources.length);
    this.present = new Uint8Array(count);
    this.podsOn = new Int32Array(count);
    this.deviceStart = new Int32Array(count + 1);
    for (let node = 0; node < count; node++) {
      this.deviceStart[node + 1] = this.deviceStart[node] + deviceCount[node];
    }
    this.deviceFree = new Int32Array(this.deviceStart[count]).fill(1000);
    this.devicesFreeOn = Float64Array.from(deviceCount, (devices) => devices * 1000);
  }

  join(node: number): void {
    this.present[node] = 1;
    this.#count(node, 1);
  }

  lose(node: number): void {
    if (this.present[node] === 0) return;
    this.#count(node, -1);
    this.present[node] = 0;
  }

  take(pod: number): void {
    this.#move(pod, 1);
  }

  release(pod: number): void {
    this.#move(pod, -1);
  }

  /** Adds a node to the totals (sign 1) or takes it out of them (sign -1). */
  #count(node: number, sign: 1 | -1): void {
    const { allocatable } = this.trace.nodes;
    for (let r = 0; r < this.held.length; r++) {
      this.capacity[r] += sign * allocatable[r][node];
      this.allocated[r] += sign * this.held[r][node];
    }
    this.nodesPresent += sign;
    if (this.podsOn[node] > 0) this.nodesUsed += sign;
  }

  #move(pod: number, sign: 1 | -1): void {
    const { pods, templates } = this.trace;
    const node = pods.node[pod];
    const { requests, devices } = templates[pods.template[pod]];
    const present = this.present[node];
    for (let r = 0; r < requests.length; r++) {
      this.held[r][node] += sign * requests[r];
      this.allocated[r] += present * sign * requests[r];
    }
    const usedBefore = this.podsOn[node] > 0 ? 1 : 0;
    this.podsOn[node] += sign;
    const usedAfter = this.podsOn[node] > 0 ? 1 : 0;
    this.nodesUsed += present * (usedAfter - usedBefore);
    if (devices === undefined) return;
    let mask = pods.devices[pod];
    for (let device = this.deviceStart[node]; mask !== 0; device++, mask >>>= 1) {
      if ((mask & 1) === 0) continue;
      this.deviceFree[device] -= sign * devices.milli;
      this.devicesFreeOn[node] -= sign * devices.milli;
    }
  }
}
