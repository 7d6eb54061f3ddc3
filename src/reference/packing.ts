import { DEVICE_RESOURCE } from "../cluster/device.ts";
import { allocatableOf, usedOf } from "./node-amounts.ts";
import { normalizeBetween } from "./normalize-between.ts";
import { amountsOf } from "./pod-amounts.ts";
import type { ReferenceCluster, ReferencePlugin } from "./reference-plugin.ts";

/** `trunc(100 * (1 - (left of the first / greatest * 0.5 + left of the second / greatest * 0.5)))`, then 0..100. */
export const referenceBestFit: ReferencePlugin = {
  score(pod, node, cluster) {
    const [a, b] = packedResources(cluster).map((resource) => {
      const request = Number(amountsOf(pod, "requested").get(resource) ?? 0n);
      const free = Number(allocatableOf(node, resource) - usedOf(node, resource, "held"));
      return (free - request) / greatestOf(cluster, resource);
    }) as [number, number];
    return BigInt(Math.trunc(100 * (1 - (a * 0.5 + b * 0.5))));
  },
  normalizeScore: normalizeBetween,
};

/** `trunc(100 * (1 - (free of the first * request + free of the second * request) / 2))`, all relative to the greatest node. */
export const referenceDotProduct: ReferencePlugin = {
  score(pod, node, cluster) {
    const [a, b] = packedResources(cluster).map((resource) => {
      const greatest = greatestOf(cluster, resource);
      const free = Number(allocatableOf(node, resource) - usedOf(node, resource, "held"));
      const request = Number(amountsOf(pod, "requested").get(resource) ?? 0n);
      return (free / greatest) * (request / greatest);
    }) as [number, number];
    return BigInt(Math.trunc(100 * (1 - (a + b) / 2)));
  },
};

/** cpu and devices where any node has devices, otherwise cpu and memory. */
function packedResources(cluster: ReferenceCluster): [string, string] {
  const devices = cluster.nodes.some((node) => allocatableOf(node, DEVICE_RESOURCE) > 0n);
  return ["cpu", devices ? DEVICE_RESOURCE : "memory"];
}

function greatestOf(cluster: ReferenceCluster, resource: string): number {
  let greatest = 1n;
  for (const node of cluster.nodes) {
    const allocatable = allocatableOf(node, resource);
    if (allocatable > greatest) greatest = allocatable;
  }
  return Number(greatest);
}
