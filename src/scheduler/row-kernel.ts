import type { Cycle } from "./cycle.ts";
import type { Filter } from "./selection.ts";

/** The weighted mean of the free (`least`) or taken (`most`) percentages of cpu and memory, in integers; see NodeResourcesFit. */
export interface AllocationScore {
  readonly of: "least" | "most";
  /** What the pod adds to `nonZeroCpu` and `nonZeroMemory`. */
  readonly cpu: number;
  readonly memory: number;
  readonly cpuWeight: number;
  readonly memoryWeight: number;
}

/** How much better balanced cpu and memory become; see NodeResourcesBalancedAllocation. */
export interface BalanceScore {
  readonly of: "balance";
  /** What the pod adds to `requested`. */
  readonly cpu: number;
  readonly memory: number;
}

/**
 * What a plugin's filter and score of one pod come to, in numbers that a kernel takes to many nodes at once. Asked only in clusters
 * without huge nodes. What is absent the plugin does not have for the pod.
 */
export interface RowKernel {
  /**
   * The filter: room for one more pod, and `amount <= allocatable - requested` of each resource; `NOT_ASKED_FOR` holds on every
   * node. `rest` says the same of other resources.
   */
  readonly fit?: {
    readonly cpu: number;
    readonly memory: number;
    readonly storage: number;
    readonly rest?: Filter | undefined;
  };
  readonly score?: AllocationScore | BalanceScore;
}

/** The amount of a resource that a filter does not look at. */
export const NOT_ASKED_FOR = -Number.MAX_VALUE;

export interface RowKernelSource {
  /** The members whose work the numbers do. A plugin with other ones in their place is asked by these. */
  readonly insteadOf: { readonly filter?: unknown; readonly score?: unknown };
  /** Undefined: the members are asked. Never asked of pods for which the plugin reads the cluster. */
  readonly of: (cycle: Cycle) => RowKernel | undefined;
}
