import type { Column } from "../../cluster/column.ts";
import { CPU, EPHEMERAL_STORAGE, MEMORY } from "../../cluster/node-columns.ts";
import type { Cycle } from "../../scheduler/plugin.ts";

export interface ResourceWeight {
  /** A Kubernetes resource name, or `gpu` for shares of devices. */
  readonly name: string;
  /** 1 to 100. */
  readonly weight: number;
}

/** One resource as a strategy sees it: what nodes have, what is taken there, and what the pod would add. */
export interface ScoredResource {
  readonly allocatable: Column;
  readonly requested: Column;
  readonly request: number;
  readonly weight: number;
}

/**
 * The resources that count for a pod. cpu and memory count with what is taken and with defaults for containers that ask
 * for nothing; others count only if the pod asks for them (upstream: resource_allocation.go, calculateResourceAllocatableRequest).
 */
export function scoredResources(
  { nodes, pod }: Cycle,
  resources: readonly ResourceWeight[],
): ScoredResource[] {
  const scored: ScoredResource[] = [];
  for (const { name, weight } of resources) {
    const resource = nodes.resources.find(name);
    if (resource === undefined) continue;
    const request = pod.scoring.of(resource);
    if (resource > EPHEMERAL_STORAGE && request === 0) continue;
    scored.push({
      allocatable: nodes.allocatable[resource],
      requested:
        resource === CPU
          ? nodes.nonZeroCpu
          : resource === MEMORY
            ? nodes.nonZeroMemory
            : nodes.requested[resource],
      request,
      weight,
    });
  }
  return scored;
}
