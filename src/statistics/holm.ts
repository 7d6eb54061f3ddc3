import { assert } from "../base/assert.ts";

/**
 * Holm's step-down adjusted p-values, in the order given: rejecting where the result is at most alpha keeps
 * the chance of even one false rejection among all of them at most alpha, however they depend on each
 * other (measures of one run always do). Never weaker than Bonferroni. Source: Holm, "A simple sequentially
 * rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
 */
export function holm(pValues: readonly number[]): number[] {
  for (const p of pValues) assert(p >= 0 && p <= 1, `p-value outside 0..1 (${p})`);
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b]);
  const adjusted = [...pValues];
  let largest = 0;
  order.forEach((index, step) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - step) * pValues[index]));
    adjusted[index] = largest;
  });
  return adjusted;
}
