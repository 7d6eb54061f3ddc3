import type { Trace } from "../trace/trace.ts";

/**
 * Until when the run was watched: its horizon, because a run that stops earlier does so when nothing can happen any more; the
 * last event when the horizon is infinite.
 */
export function watchedUntilUs({ facts }: Trace): number {
  return Number.isFinite(facts.horizonUs) ? facts.horizonUs : facts.endUs;
}

/**
 * `samples` equidistant times from 0 to the horizon, in microseconds: the same for every policy and seed of a workload whose
 * horizon is finite.
 */
export function sampleGrid(trace: Trace, samples: number): Float64Array {
  const untilUs = watchedUntilUs(trace);
  return Float64Array.from({ length: samples }, (_, i) => (untilUs * i) / (samples - 1));
}
