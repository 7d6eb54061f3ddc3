import { assert } from "../../src/base/assert.ts";
import { mean } from "../../src/statistics/quantile.ts";
import { studentT } from "./student-t.ts";

/** `cost = factor * size ** exponent`, as nearly as the points allow. */
export interface GrowthFit {
  readonly exponent: number;
  /** Of the exponent, 95 %; it has in it how far the points are from any such law. Undefined with fewer than three points. */
  readonly interval: { readonly low: number; readonly high: number } | undefined;
  readonly factor: number;
}

/** Least squares of log cost over log size. Sizes and costs are above 0, and not all sizes are equal. */
export function growthFit(sizes: readonly number[], costs: readonly number[]): GrowthFit {
  assert(sizes.length === costs.length, `${sizes.length} sizes and ${costs.length} costs`);
  assert(new Set(sizes).size >= 2, "growth over a single size");
  assert(
    [...sizes, ...costs].every((value) => value > 0),
    "sizes and costs are above 0",
  );
  const xs = sizes.map(Math.log);
  const ys = costs.map(Math.log);
  const meanX = mean(xs);
  const meanY = mean(ys);
  let sxx = 0;
  let sxy = 0;
  for (let i = 0; i < xs.length; i++) {
    sxx += (xs[i] - meanX) ** 2;
    sxy += (xs[i] - meanX) * (ys[i] - meanY);
  }
  const exponent = sxy / sxx;
  const fitted = { exponent, factor: Math.exp(meanY - exponent * meanX) };
  const degrees = xs.length - 2;
  if (degrees < 1) return { ...fitted, interval: undefined };
  let residual = 0;
  for (let i = 0; i < xs.length; i++) residual += (ys[i] - meanY - exponent * (xs[i] - meanX)) ** 2;
  const margin = studentT(0.95, degrees) * Math.sqrt(residual / degrees / sxx);
  return { ...fitted, interval: { low: exponent - margin, high: exponent + margin } };
}

/** How many times the cost grows when the size does ten times, if it grows evenly from one point to the other. */
export function growthPerTenfold(sizes: readonly [number, number], costs: readonly [number, number]): number {
  return (costs[1] / costs[0]) ** (1 / Math.log10(sizes[1] / sizes[0]));
}
