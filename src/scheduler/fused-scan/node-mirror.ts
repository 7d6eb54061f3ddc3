import type { ChangeLog } from "../../cluster/change-log.ts";
import { CPU, EPHEMERAL_STORAGE, MEMORY, type NodeColumns } from "../../cluster/node-columns.ts";
import { COLUMN, type Kernel } from "./kernel.ts";

/** Nodes' columns in node order, in the memory of a kernel, kept up by the log of changes. */
export class NodeMirror {
  readonly #kernelOf: (rows: number) => Kernel;
  #kernel: Kernel;
  /** The order that the rows follow. */
  #order: Uint32Array | undefined;
  /** How far the log was read. */
  #position = 0;
  /** Rows, and how many of them, that the kernel cannot count with. */
  #strange = new Uint8Array(0);
  #strangers = 0;

  constructor(kernelOf: (rows: number) => Kernel) {
    this.#kernelOf = kernelOf;
    this.#kernel = kernelOf(0);
  }

  /** The kernel with all rows as they are now; undefined when one of them is beyond it. */
  kernel(nodes: NodeColumns, changes: ChangeLog): Kernel | undefined {
    const { order } = nodes;
    const behind = changes.end - this.#position;
    if (this.#order !== order || this.#position < changes.start || behind > order.length) {
      this.#fill(nodes, order);
    } else {
      const { positions } = nodes;
      for (let position = this.#position; position < changes.end; position++) {
        const node = changes.at(position);
        const row = positions[node];
        if (row >= 0) this.#copy(nodes, node, row);
      }
    }
    this.#position = changes.end;
    return this.#strangers === 0 ? this.#kernel : undefined;
  }

  #fill(nodes: NodeColumns, order: Uint32Array): void {
    if (this.#kernel.block.capacity < order.length + 4) this.#kernel = this.#kernelOf(order.length);
    this.#order = order;
    this.#strange = new Uint8Array(order.length);
    this.#strangers = 0;
    for (let row = 0; row < order.length; row++) this.#copy(nodes, order[row], row);
  }

  #copy(nodes: NodeColumns, node: number, row: number): void {
    const { columns } = this.#kernel.block;
    const { allocatable, requested } = nodes;
    const cpu = allocatable[CPU][node];
    const memory = allocatable[MEMORY][node];
    const usedCpu = requested[CPU][node];
    const usedMemory = requested[MEMORY][node];
    const full = nodes.podCount[node] >= nodes.allowedPods[node];
    columns[COLUMN.fitCpu][row] = full ? Number.NEGATIVE_INFINITY : cpu - usedCpu;
    columns[COLUMN.fitMemory][row] = memory - usedMemory;
    columns[COLUMN.fitStorage][row] =
      allocatable[EPHEMERAL_STORAGE][node] - requested[EPHEMERAL_STORAGE][node];
    columns[COLUMN.cpu][row] = cpu;
    columns[COLUMN.memory][row] = memory;
    columns[COLUMN.usedCpu][row] = usedCpu;
    columns[COLUMN.usedMemory][row] = usedMemory;
    columns[COLUMN.roomCpu][row] = cpu - nodes.nonZeroCpu[node];
    columns[COLUMN.roomMemory][row] = memory - nodes.nonZeroMemory[node];
    columns[COLUMN.imbalance][row] = imbalance(cpu, memory, usedCpu, usedMemory);
    const strange = Number(!(cpu >= 0 && memory >= 0 && usedCpu >= 0 && usedMemory >= 0));
    this.#strangers += strange - this.#strange[row];
    this.#strange[row] = strange;
  }
}

/** 50 less the balance; see NodeResourcesBalancedAllocation, which the same roundings are taken from. */
function imbalance(cpu: number, memory: number, usedCpu: number, usedMemory: number): number {
  if (cpu === 0 || memory === 0) return 0;
  const apart = Math.abs(Math.min(usedCpu / cpu, 1) - Math.min(usedMemory / memory, 1));
  return 50 - Math.trunc((1 - apart / 2) * 100);
}
