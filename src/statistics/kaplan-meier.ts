import { assert } from "../base/assert.ts";
import { sortedNumbers } from "./sorted-numbers.ts";

/** One step of the curve, at a time when something finished. */
export interface SurvivalStep {
  readonly time: number;
  /** Still waiting just before `time`. */
  readonly atRisk: number;
  readonly finished: number;
  /** Estimated share still waiting just after `time`. */
  readonly waiting: number;
}

/**
 * The share still waiting as a function of time, from waiting times that ended and the lower bounds of those that
 * had not ended when observation did: Kaplan and Meier, JASA 53 (1958). Who is censored at the time of a step counts as
 * at risk there, as is the convention.
 *
 * It assumes that being censored says nothing about how much longer one would have waited. A horizon does so when load
 * is steady; where a backlog grows, later arrivals wait longer and are censored more, and the curve is too
 * hopeful. `censoredQuantile` assumes nothing.
 */
export function kaplanMeier(finished: ArrayLike<number>, censored: ArrayLike<number>): SurvivalStep[] {
  const ends = sortedNumbers(finished);
  const bounds = sortedNumbers(censored);
  const steps: SurvivalStep[] = [];
  let gone = 0;
  let waiting = 1;
  for (let first = 0; first < ends.length; ) {
    const time = ends[first];
    let next = first + 1;
    while (next < ends.length && ends[next] === time) next++;
    while (gone < bounds.length && bounds[gone] < time) gone++;
    const atRisk = ends.length - first + bounds.length - gone;
    waiting *= 1 - (next - first) / atRisk;
    steps.push({ time, atRisk, finished: next - first, waiting });
    first = next;
  }
  return steps;
}

/** The first time at which the share that has finished reaches q; undefined when the curve ends before. */
export function kaplanMeierQuantile(steps: readonly SurvivalStep[], q: number): number | undefined {
  assert(q > 0 && q <= 1, `quantile outside 0..1, or 0 (${q})`);
  // The product of many ratios may miss 1 - q by its rounding.
  return steps.find((step) => step.waiting <= 1 - q + 1e-12)?.time;
}
