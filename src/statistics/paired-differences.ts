import { assert } from "../base/assert.ts";

const significantDigits = 13;

/**
 * policy - baseline, seed by seed, to 13 significant digits of the largest value on either side.
 *
 * Rounded, because ranks see only "equal" and "unequal": 0.3 - 0.2 and 0.2 - 0.1 are the same difference to
 * a reader and not to a double, and two sums of the same numbers in another order differ in their last bit. Left
 * in, such dust would break ties at random and turn zeros into evidence. (R's wilcox.test has `digits.rank` for it.)
 */
export function pairedDifferences(baseline: ArrayLike<number>, policy: ArrayLike<number>): number[] {
  assert(
    baseline.length === policy.length,
    `baseline and policy are not paired (${baseline.length} and ${policy.length} values)`,
  );
  let largest = 0;
  for (let i = 0; i < baseline.length; i++) {
    assert(
      Number.isFinite(baseline[i]) && Number.isFinite(policy[i]),
      `pair ${i} is not of finite numbers (${baseline[i]} and ${policy[i]})`,
    );
    largest = Math.max(largest, Math.abs(baseline[i]), Math.abs(policy[i]));
  }
  const decimals = largest === 0 ? 0 : significantDigits - 1 - Math.floor(Math.log10(largest));
  return Array.from(baseline, (value, i) => rounded(policy[i] - value, decimals));
}

function rounded(difference: number, decimals: number): number {
  assert(Number.isFinite(difference), "a difference is outside the range of doubles");
  // Adding 0 turns -0, which sorts and prints apart from 0, into 0.
  if (decimals >= 0) return Number(difference.toFixed(Math.min(decimals, 100))) + 0;
  const unit = 10 ** -decimals;
  return Math.sign(difference) * Math.round(Math.abs(difference) / unit) * unit + 0;
}
