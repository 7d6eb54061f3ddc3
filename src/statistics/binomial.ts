import { assert } from "../base/assert.ts";

/**
 * P(X <= k) for k = 0..n, with X binomial: n trials, chance p each.
 *
 * Weights are propagated from the mode outwards by the ratio of neighbours and divided by their sum. No
 * factorial and no power of p is formed, so nothing overflows or underflows where it matters, for any n. For
 * p = 1/2 and n up to about 50 all weights are integers that a double holds, and the results are exact.
 */
export function binomialLowerTail(n: number, p = 0.5): Float64Array {
  assert(Number.isInteger(n) && n >= 0, `number of trials is ${n}`);
  assert(p > 0 && p < 1, `chance outside 0..1, or at its ends (${p})`);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  const tail = new Float64Array(n + 1);
  tail[mode] = scale(n, mode);
  for (let k = mode; k < n; k++) tail[k + 1] = ((tail[k] * (n - k)) / (k + 1)) * odds;
  for (let k = mode; k > 0; k--) tail[k - 1] = (tail[k] * k) / (n - k + 1) / odds;
  // From the small end, so that small tails keep their relative accuracy.
  for (let k = 1; k <= n; k++) tail[k] += tail[k - 1];
  const total = tail[n];
  for (let k = 0; k <= n; k++) tail[k] /= total;
  return tail;
}

/** Any positive weight would do for the mode; the binomial coefficient, where it fits, makes p = 1/2 exact. */
function scale(n: number, mode: number): number {
  let coefficient = 1;
  for (let i = 1; i <= mode; i++) {
    coefficient = (coefficient * (n - mode + i)) / i;
    if (coefficient > 1e250) return 1;
  }
  return coefficient;
}
