import type { Column } from "../../cluster/column.ts";
import { DEVICE_RESOURCE } from "../../cluster/device.ts";
import { CPU, MEMORY, type NodeColumns } from "../../cluster/node-columns.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import { rememberedPerCluster } from "../../scheduler/remembered.ts";

/** One of the two resources that the packing policies weigh: what is free, relative to the greatest node. */
export interface PackedResource {
  readonly allocatable: Column;
  readonly requested: Column;
  readonly request: number;
  /** The most that any node has. */
  readonly greatest: number;
}

/** cpu and devices where the cluster has devices, as in the published GPU experiments; otherwise cpu and memory. */
export function packedResources({ nodes, pod }: Cycle): readonly [PackedResource, PackedResource] {
  const devices = nodes.resources.find(DEVICE_RESOURCE);
  const second = devices === undefined || (greatest(nodes)[devices] ?? 0) === 0 ? MEMORY : devices;
  const packed = (resource: number): PackedResource => ({
    allocatable: nodes.allocatable[resource],
    requested: nodes.requested[resource],
    request: pod.requests.of(resource),
    greatest: Math.max(greatest(nodes)[resource], 1),
  });
  return [packed(CPU), packed(second)];
}

const greatest = rememberedPerCluster((nodes: NodeColumns) =>
  nodes.allocatable.map((column) => nodes.order.reduce((max, node) => Math.max(max, column[node]), 0)),
);
