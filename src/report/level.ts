import type { CompletedTrial } from "../experiment/trial-result.ts";
import type { Measure } from "../metrics/measure.ts";
import { mean } from "../statistics/quantile.ts";
import { figure, NONE, withUnit } from "./numbers.ts";

/** What one measure came to under one policy, over the seeds whose trials completed and to which it applies. */
export interface Level {
  readonly policy: string;
  readonly measure: Measure;
  /** Seeds with a value. */
  readonly n: number;
  /** Null when n is 0, as are the others. */
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Seeds whose value is censored: the true one is at least that, so the mean is too. */
  readonly censored: number;
}

export function level(trials: readonly CompletedTrial[], policy: string, measure: Measure): Level {
  const values: number[] = [];
  let censored = 0;
  for (const { measured } of trials) {
    const value = measured.values[measure.name];
    if (value === null || value === undefined) continue;
    values.push(value);
    if (measured.atLeast.includes(measure.name)) censored++;
  }
  const none = values.length === 0;
  return {
    policy,
    measure,
    n: values.length,
    mean: none ? null : mean(values),
    min: none ? null : Math.min(...values),
    max: none ? null : Math.max(...values),
    censored,
  };
}

/** For a table whose heading says the unit: "92.1 %", "at least 300". */
export function levelCell({ mean: value, measure, censored }: Level): string {
  if (value === null) return NONE;
  return `${censored > 0 ? "at least " : ""}${measureFigure(value, measure)}`;
}

/** A value without its unit, but for percentages. */
export function measureFigure(value: number, { unit }: Measure): string {
  return unit === "percent" ? withUnit(value, unit) : figure(value);
}

/** "92.1 %", "at least 300 s". */
export function levelText({ mean: value, measure, censored }: Level): string {
  if (value === null) return NONE;
  return `${censored > 0 ? "at least " : ""}${withUnit(value, measure.unit)}`;
}
