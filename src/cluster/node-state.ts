import { assert } from "../base/assert.ts";
import { Interner } from "../base/interner.ts";
import type { NodeObject } from "../kubernetes/node.ts";
import { milliValue, parseQuantity, wholeValue } from "../kubernetes/quantity.ts";
import type { Taint } from "../kubernetes/taint.ts";
import { type Column, grow } from "./column.ts";
import { DEVICE_RESOURCE, WHOLE_DEVICE } from "./device.ts";
import { DeviceState } from "./device-columns.ts";
import { LabelColumns } from "./label-columns.ts";
import type { NodeColumns } from "./node-columns.ts";
import { NodeOrder } from "./node-order.ts";
import { PlacementLog } from "./placement-log.ts";
import { type HostPort, HUGE_AMOUNT, type PodKind } from "./pod-kind.ts";
import { PodLists } from "./pod-lists.ts";
import type { NodeSpec } from "./specs.ts";

/** The writing side of `NodeColumns`; only the cluster holds one. */
export class NodeState implements NodeColumns {
  count = 0;
  epoch = 0;
  readonly resources = new Interner(["cpu", "memory", "ephemeral-storage"]);
  readonly allocatable: Float64Array[] = [];
  readonly requested: Float64Array[] = [];
  nonZeroCpu: Float64Array = new Float64Array(16);
  nonZeroMemory: Float64Array = new Float64Array(16);
  podCount: Int32Array = new Int32Array(16);
  allowedPods: Float64Array = new Float64Array(16);
  unschedulable: Uint8Array = new Uint8Array(16);
  taintSet: Int32Array = new Int32Array(16);
  imageSet: Int32Array = new Int32Array(16);
  huge: Uint8Array = new Uint8Array(16);
  hugeNodes = 0;
  readonly taintSets: (readonly Taint[])[] = [[]];
  readonly imageSets: (readonly string[])[] = [[]];
  readonly images = new Map<string, { readonly size: number; readonly nodes: Set<number> }>();
  readonly devices = new DeviceState();
  podsWithAffinity = 0;
  readonly placements = new PlacementLog();
  /** Rows of the pods on each node. */
  readonly pods = new PodLists();
  /** Ports taken on each node, under one key per port: a set, not a count, as upstream keeps them. */
  readonly ports: (Map<string, HostPort> | undefined)[] = [];

  readonly #order = new NodeOrder();
  readonly #labels = new LabelColumns((node) => this.#objects[node]?.metadata?.labels);
  readonly #objects: NodeObject[] = [];
  readonly #rows = new Map<string, number>();
  readonly #taintKeys = new Interner(["[]"]);
  readonly #imageKeys = new Interner(["[]"]);

  get order(): Uint32Array {
    return this.#order.list;
  }

  get positions(): Column {
    return this.#order.positions;
  }

  label(key: string): Column {
    return this.#labels.column(key);
  }

  labelValue(key: string, value: string): number {
    return this.#labels.valueId(key, value);
  }

  object(node: number): NodeObject {
    return this.#objects[node];
  }

  name(node: number): string {
    return this.#objects[node].metadata?.name ?? "";
  }

  rowOf(name: string): number | undefined {
    return this.#rows.get(name);
  }

  add(spec: NodeSpec): number {
    const row = this.count++;
    const name = spec.object.metadata?.name ?? "";
    assert(!this.#rows.has(name), `node ${JSON.stringify(name)} added twice`);
    this.#rows.set(name, row);
    this.pods.reserve(this.count);
    this.ports.push(undefined);
    this.nonZeroCpu = grow(this.nonZeroCpu, this.count);
    this.nonZeroMemory = grow(this.nonZeroMemory, this.count);
    this.podCount = grow(this.podCount, this.count);
    this.allowedPods = grow(this.allowedPods, this.count);
    this.unschedulable = grow(this.unschedulable, this.count);
    this.taintSet = grow(this.taintSet, this.count);
    this.imageSet = grow(this.imageSet, this.count);
    this.huge = grow(this.huge, this.count);
    this.devices.addNode(row, spec.devices);
    this.#write(row, spec);
    this.#order.add(row, spec.object);
    return row;
  }

  update(row: number, spec: NodeSpec): void {
    this.#write(row, spec);
    this.#order.update(row, spec.object);
  }

  remove(row: number): void {
    this.#rows.delete(this.name(row));
    this.#forgetImages(row);
    this.#order.remove(row);
    this.epoch++;
  }

  /** Puts a pod on a node; returns its place in the node's list. */
  take(node: number, pod: number, kind: PodKind, devices: number): number {
    this.#account(node, kind, devices, 1);
    this.takePorts(node, kind);
    return this.pods.push(node, pod);
  }

  /** Takes the pod at a place off its node; returns the pod that moved into the place, or -1. */
  giveBack(node: number, slot: number, kind: PodKind, devices: number): number {
    this.#account(node, kind, devices, -1);
    this.freePorts(node, kind);
    return this.pods.remove(node, slot);
  }

  takePorts(node: number, { hostPorts }: PodKind): void {
    if (hostPorts.length === 0) return;
    const ports = this.ports[node] ?? new Map<string, HostPort>();
    this.ports[node] = ports;
    for (const port of hostPorts) ports.set(portKey(port), port);
  }

  freePorts(node: number, { hostPorts }: PodKind): void {
    for (const port of hostPorts) this.ports[node]?.delete(portKey(port));
  }

  #account(node: number, kind: PodKind, devices: number, sign: 1 | -1): void {
    this.weigh(node, kind, devices, sign);
    if (hasPodAffinity(kind)) this.podsWithAffinity += sign;
    this.placements.append(kind, node, sign === 1);
  }

  /** What a pod takes from its node, taken (1) or given back (-1); nobody is told. */
  weigh(node: number, kind: PodKind, devices: number, sign: 1 | -1): void {
    const { resources, amounts } = kind.requests;
    for (let i = 0; i < resources.length; i++) {
      this.requested[resources[i]][node] += sign * amounts[i];
    }
    if (kind.huge) this.#countInFull(node);
    this.nonZeroCpu[node] += sign * kind.nonZeroCpu;
    this.nonZeroMemory[node] += sign * kind.nonZeroMemory;
    this.podCount[node] += sign;
    if (devices !== 0) this.devices.change(node, devices, kind.devices!.milli, sign === 1 ? -1 : 1);
  }

  #write(row: number, spec: NodeSpec): void {
    const { object } = spec;
    if (this.#objects[row] !== undefined) this.#forgetImages(row);
    this.#objects[row] = object;
    this.#reportImages(row);
    for (const column of this.allocatable) if (row < column.length) column[row] = 0;
    this.allowedPods[row] = 0;
    for (const [name, text] of Object.entries(object.status?.allocatable ?? {})) {
      const quantity = parseQuantity(text);
      const amount = Number(name === "cpu" ? milliValue(quantity) : wholeValue(quantity));
      if (name === "pods") this.allowedPods[row] = amount;
      else this.#column(this.allocatable, this.resources.intern(name))[row] = amount;
      if (Math.abs(amount) >= HUGE_AMOUNT) this.#countInFull(row);
    }
    if (spec.devices !== undefined) {
      const total = spec.devices.count * WHOLE_DEVICE;
      this.#column(this.allocatable, this.resources.intern(DEVICE_RESOURCE))[row] = total;
    }
    this.admitResources();
    this.unschedulable[row] = object.spec?.unschedulable === true ? 1 : 0;
    this.taintSet[row] = internList(this.#taintKeys, this.taintSets, object.spec?.taints ?? []);
    const images = (object.status?.images ?? []).flatMap((image) => image.names ?? []);
    this.imageSet[row] = internList(this.#imageKeys, this.imageSets, images);
    this.#labels.refresh(row);
    this.epoch++;
  }

  #countInFull(node: number): void {
    if (this.huge[node] === 1) return;
    this.huge[node] = 1;
    this.hugeNodes++;
  }

  #reportImages(row: number): void {
    for (const { names = [], sizeBytes = 0 } of this.object(row).status?.images ?? []) {
      for (const name of names) {
        const image = this.images.get(name);
        if (image === undefined) this.images.set(name, { size: sizeBytes, nodes: new Set([row]) });
        else image.nodes.add(row);
      }
    }
  }

  #forgetImages(row: number): void {
    for (const { names = [] } of this.object(row).status?.images ?? []) {
      for (const name of names) {
        const image = this.images.get(name);
        image?.nodes.delete(row);
        if (image?.nodes.size === 0) this.images.delete(name);
      }
    }
  }

  /** Gives every resource that anybody named its columns, with room for every node. */
  admitResources(): void {
    for (let resource = 0; resource < this.resources.size; resource++) {
      this.#column(this.allocatable, resource);
      this.#column(this.requested, resource);
    }
  }

  /** The column of a resource, with room for every node. */
  #column(columns: Float64Array[], resource: number): Float64Array {
    while (columns.length <= resource) columns.push(new Float64Array(Math.max(16, this.count)));
    const column = grow(columns[resource], this.count);
    columns[resource] = column;
    return column;
  }
}

function hasPodAffinity({ spec }: PodKind): boolean {
  return spec.affinity?.podAffinity !== undefined || spec.affinity?.podAntiAffinity !== undefined;
}

function portKey(port: HostPort): string {
  return `${port.protocol}/${port.ip}/${port.port}`;
}

function internList<T>(keys: Interner, lists: (readonly T[])[], list: readonly T[]): number {
  const id = keys.intern(JSON.stringify(list));
  if (id === lists.length) lists.push(list);
  return id;
}
