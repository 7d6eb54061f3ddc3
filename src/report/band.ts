import type { CompletedTrial } from "../experiment/trial-result.ts";
import type { Series } from "../metrics/measure.ts";
import { mean } from "../statistics/quantile.ts";

/** A series under one policy: its mean over the seeds, and the least and greatest value, at each place of the axis. */
export interface Band {
  readonly policy: string;
  /** How many seeds it summarises. 1, the first, when the seeds have no axis in common (runs without a horizon). */
  readonly seeds: number;
  readonly at: readonly number[];
  readonly mean: readonly number[];
  readonly min: readonly number[];
  readonly max: readonly number[];
}

export interface BandedSeries {
  readonly name: string;
  readonly title: string;
  readonly unit: Series["unit"];
  readonly atUnit: Series["atUnit"];
  readonly bands: readonly Band[];
}

/** Every series that some trial has, in the order in which they are first met; trials grouped by policy. */
export function bandedSeries(
  trialsOf: readonly { readonly policy: string; readonly trials: readonly CompletedTrial[] }[],
): BandedSeries[] {
  const found = new Map<string, Series>();
  for (const { trials } of trialsOf) {
    for (const { measured } of trials) {
      for (const series of measured.series) if (!found.has(series.name)) found.set(series.name, series);
    }
  }
  return Array.from(found.values(), ({ name, title, unit, atUnit }) => ({
    name,
    title,
    unit,
    atUnit,
    bands: trialsOf.flatMap(({ policy, trials }) => {
      const all = trials.flatMap(({ measured }) => measured.series.filter((series) => series.name === name));
      return all.length === 0 ? [] : [band(policy, all)];
    }),
  }));
}

/** Only places at which every seed has a value count: a mean over whichever seeds came so far would jump where one ends. */
function band(policy: string, all: readonly Series[]): Band {
  const shared = summarised(policy, all);
  const first = summarised(policy, all.slice(0, 1));
  return 2 * shared.at.length >= first.at.length ? shared : first;
}

function summarised(policy: string, all: readonly Series[]): Band {
  const valuesAt = new Map<number, number[]>();
  for (const { at, values } of all) {
    for (let i = 0; i < at.length; i++) {
      if (!Number.isFinite(values[i])) continue;
      const known = valuesAt.get(at[i]);
      if (known === undefined) valuesAt.set(at[i], [values[i]]);
      else known.push(values[i]);
    }
  }
  const places = [...valuesAt].filter(([, values]) => values.length === all.length).sort(([a], [b]) => a - b);
  return {
    policy,
    seeds: all.length,
    at: places.map(([at]) => at),
    mean: places.map(([, values]) => mean(values)),
    min: places.map(([, values]) => Math.min(...values)),
    max: places.map(([, values]) => Math.max(...values)),
  };
}
