import type { Trace } from "../trace/trace.ts";
import { Allocation } from "./allocation.ts";
import { AtAsk } from "./at-ask.ts";
import { measureEffort } from "./effort.ts";
import { Fragmentation } from "./fragmentation.ts";
import { GpuFragmentation } from "./gpu-fragmentation.ts";
import { HeldState } from "./held-state.ts";
import { Imbalance } from "./imbalance.ts";
import type { Series, Values } from "./measure.ts";
import { measuredResources } from "./measured-resources.ts";
import { measures } from "./measures.ts";
import { NodeUse } from "./nodes.ts";
import { type NodesAtEnd, nodesAtEnd } from "./nodes-at-end.ts";
import { measurePods, pendingByReason, podSeries } from "./pods.ts";
import { replay } from "./replay.ts";
import { sampleGrid } from "./sample-grid.ts";
import { arrivingByTemplate } from "./typical-pods.ts";

/** How many samples a series over time has, the first at 0 and the last at the horizon. */
const SAMPLES = 256;

/** What a trace measures, as plain data that crosses threads by structured clone. */
export interface MeasuredTrace {
  /** One entry per measure, in the order of `measures`; null when the measure does not apply to this trace. */
  readonly values: Readonly<Values>;
  /** Names of the measures whose value is censored: the true one is at least that. */
  readonly atLeast: readonly string[];
  readonly series: readonly Series[];
  /** Pods pending at the end by reason; adds up to `podsPending`. */
  readonly pendingByReason: Readonly<Record<string, number>>;
  readonly nodesAtEnd: NodesAtEnd;
}

/**
 * Takes every measure of a trace in one walk through its pods' rows. `popularity` says how many pods of each template the
 * workload has from whose typical pods fragmentation is judged; without it, these are the pods that arrive in the trace.
 * (The published FGD figures take the list before pods were repeated or left out to reach a share of the capacity.)
 */
export function measureTrace(
  trace: Trace,
  popularity: ArrayLike<number> = arrivingByTemplate(trace),
): MeasuredTrace {
  const state = new HeldState(trace);
  const gridUs = sampleGrid(trace, SAMPLES);
  const atSeconds = gridUs.map((timeUs) => timeUs / 1e6);
  const allocations = measuredResources.map((resource) => new Allocation(state, resource, SAMPLES));
  const imbalances = measuredResources.map((resource) => new Imbalance(state, resource));
  const gpuFragmentation = new GpuFragmentation(state, popularity);
  const fragmentation = new Fragmentation(state, popularity);
  const nodeUse = new NodeUse(state);
  const atAsk = new AtAsk(state, allocations, gpuFragmentation);
  const families = [...allocations, ...imbalances, gpuFragmentation, fragmentation, nodeUse];
  replay(state, [...families, ...atAsk.observers], gridUs);

  const pods = measurePods(trace);
  const taken: Values = { ...pods.values, ...measureEffort(trace), ...atAsk.values() };
  for (const family of families) Object.assign(taken, family.values());
  return {
    values: Object.fromEntries(measures.map(({ name }) => [name, taken[name] ?? null])),
    atLeast: pods.atLeast,
    series: [
      ...allocations.filter(({ applies }) => applies).map((allocation) => allocation.series(atSeconds)),
      ...podSeries(trace, gridUs, atSeconds),
      ...atAsk.series(),
    ],
    pendingByReason: pendingByReason(trace),
    nodesAtEnd: nodesAtEnd(state),
  };
}
