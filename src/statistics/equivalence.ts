import { assert } from "../base/assert.ts";
import { binomialLowerTail } from "./binomial.ts";

export interface EquivalenceResult {
  /** Of "the median difference is -margin or less". */
  readonly pLower: number;
  /** Of "the median difference is +margin or more". */
  readonly pUpper: number;
  /** The larger of the two: at most alpha shows, at level alpha, that the median lies between the margins. */
  readonly p: number;
}

/**
 * Two one-sided exact sign tests that the median of paired differences lies strictly within +-margin. A large
 * p of a test for difference shows nothing ("not significant" is not "same"); this turns the burden round.
 *
 * Sign tests, not signed-rank tests: at a margin other than zero exchangeability within pairs says nothing,
 * so the signed-rank test would need the differences to be symmetric about the margin to be exact, and
 * times and queues are skewed. The sign test needs no shape at all, and it agrees with the interval we print:
 * p is at most alpha exactly when the order-statistic interval of confidence 1 - 2 alpha lies strictly inside
 * the margins. The price is some power. A difference equal to the margin counts against equivalence and is
 * not dropped, which keeps the level when differences are discrete.
 *
 * Each test is at full level alpha: only one of the two hypotheses can be true, so none is adjusted for the
 * other (Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15, 1987).
 *
 * @param margin in the unit of the differences, above 0. State it before looking at the results. A margin
 *   relative to the observed baseline median is itself a random number, taken here as if it were fixed.
 */
export function equivalence(differences: ArrayLike<number>, margin: number): EquivalenceResult {
  assert(margin > 0 && Number.isFinite(margin), `equivalence margin is ${margin}, not above 0`);
  const all = Array.from(differences);
  assert(all.every(Number.isFinite), "a difference is not a finite number");
  const n = all.length;
  const tail = binomialLowerTail(n);
  // Were the median at or beyond a margin, at most half the differences would be expected inside it:
  // P(X >= inside) = P(X <= outside) for X binomial(n, 1/2).
  const pLower = tail[all.filter((d) => d <= -margin).length];
  const pUpper = tail[all.filter((d) => d >= margin).length];
  return { pLower, pUpper, p: Math.max(pLower, pUpper) };
}
