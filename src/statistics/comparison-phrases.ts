import type { OrderStatisticInterval } from "./order-statistic-interval.ts";

/**
 * "higher by 2.1 to 3.4 points (95 % interval of the median difference)". Without a confidence, one
 * deterministic difference: "higher by 2.1 points".
 */
export function differencePhrase(
  medianDifference: number,
  interval: OrderStatisticInterval | undefined,
  unit: string | undefined,
  confidence: number | undefined,
): string {
  if (confidence === undefined) return single(medianDifference, unit);
  const level = `${Number((100 * confidence).toPrecision(6))} %`;
  if (interval === undefined) {
    return `${single(medianDifference, unit)} in the median (too few seeds for a ${level} interval)`;
  }
  return `${range(interval.low, interval.high, unit)} (${level} interval of the median difference)`;
}

/** "p = 0.0002"; never rounded across alpha, so that the figure and the verdict cannot seem to disagree. */
export function pPhrase(p: number, alpha: number): string {
  if (p < 0.0001 && alpha >= 0.0001) return "p < 0.0001";
  for (let digits = 2; digits <= 17; digits++) {
    const shown = Number(p.toPrecision(digits));
    if (shown <= alpha === p <= alpha) return `p = ${shown}`;
  }
  return `p = ${p}`;
}

export function seedCount(n: number): string {
  return n === 1 ? "1 seed" : `${n} seeds`;
}

/** Three significant digits, but whole numbers from 100 up: "2.13", "1234". */
export function withUnit(value: number, unit: string | undefined): string {
  const shown = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  return unit === undefined ? `${shown}` : `${shown} ${unit}`;
}

function single(difference: number, unit: string | undefined): string {
  if (difference === 0) return "equal";
  return `${difference > 0 ? "higher" : "lower"} by ${withUnit(Math.abs(difference), unit)}`;
}

function range(low: number, high: number, unit: string | undefined): string {
  if (low === high) return single(low, unit);
  if (low >= 0) return `higher by ${withUnit(low, undefined)} to ${withUnit(high, unit)}`;
  if (high <= 0) return `lower by ${withUnit(Math.abs(high), undefined)} to ${withUnit(-low, unit)}`;
  return `between ${withUnit(-low, unit)} lower and ${withUnit(high, unit)} higher`;
}
