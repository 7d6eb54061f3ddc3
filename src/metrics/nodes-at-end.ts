import type { HeldState } from "./held-state.ts";
import { type MeasuredResource, measuredResources, resourceIndex } from "./measured-resources.ts";

/** Every node when the run ends. */
export interface NodesAtEnd {
  readonly resources: readonly MeasuredResource[];
  /** `percent[resource][node]`: allocated share; NaN when the node is not there or has none of the resource. */
  readonly percent: readonly Float64Array[];
  readonly pods: Int32Array;
}

/** Reads the state as it is; call it after the replay. */
export function nodesAtEnd(state: HeldState): NodesAtEnd {
  const resources = measuredResources.filter((resource) => resourceIndex(state.trace, resource) >= 0);
  return {
    resources,
    percent: resources.map((resource) => {
      const index = resourceIndex(state.trace, resource);
      return Float64Array.from(state.podsOn, (_, node) => allocatedShare(state, index, node));
    }),
    pods: state.podsOn.slice(),
  };
}

function allocatedShare(state: HeldState, resource: number, node: number): number {
  const allocatable = state.trace.nodes.allocatable[resource][node];
  if (state.present[node] === 0 || allocatable <= 0) return Number.NaN;
  return (100 * state.held[resource][node]) / allocatable;
}
