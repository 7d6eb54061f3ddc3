import type { Trace } from "../trace/trace.ts";
import { HeldState } from "./held-state.ts";
import { type MeasuredResource, measuredResources, resourceIndex } from "./measured-resources.ts";
import { type ReplayObserver, replay } from "./replay.ts";
import { sampleGrid } from "./sample-grid.ts";

/** In a heat map: the node is not there, or has none of the resource. */
export const ABSENT = 255;

/** A node x time map of one resource. */
export interface NodeHeat {
  readonly resource: MeasuredResource;
  readonly atSeconds: Float64Array;
  /** `percent[node * atSeconds.length + sample]`: allocated, 0 to 100 (nearest), or `ABSENT`. */
  readonly percent: Uint8Array;
}

/** How full every node was over time (64 samples from 0 to the horizon), for each resource that some node has. */
export function nodeHeat(trace: Trace, samples = 64): NodeHeat[] {
  const state = new HeldState(trace);
  const gridUs = sampleGrid(trace, samples);
  const atSeconds = gridUs.map((timeUs) => timeUs / 1e6);
  const heats = measuredResources
    .map((resource) => ({ resource, index: resourceIndex(trace, resource) }))
    .filter(({ index }) => index >= 0 && trace.nodes.allocatable[index].some((amount) => amount > 0))
    .map((heat) => ({ ...heat, percent: new Uint8Array(trace.nodes.count * samples).fill(ABSENT) }));
  const observer: ReplayObserver = {
    sampled(sample) {
      for (const { index, percent } of heats) {
        for (let node = 0; node < trace.nodes.count; node++) {
          const share = allocatedShare(state, index, node);
          if (!Number.isNaN(share)) percent[node * samples + sample] = Math.round(Math.min(100, share));
        }
      }
    },
  };
  replay(state, [observer], gridUs);
  return heats.map(({ resource, percent }) => ({ resource, atSeconds, percent }));
}

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
