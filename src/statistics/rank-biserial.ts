import { signedRanks } from "./signed-ranks.ts";

/**
 * Matched-pairs rank-biserial correlation: (positive - negative) / (positive + negative) rank sum, in -1..1.
 * 1: every seed that differs is higher; -1: every one is lower; 0: no lean, or no seed differs.
 *
 * The effect size that belongs to the signed-rank test: it says how consistently one policy wins, where
 * the p-value, which shrinks with n, says only how sure we are that it does. It has no unit, and says
 * nothing of how much is won: that is the interval's part. Source: King and Minium, "Statistical Reasoning in
 * Psychology and Education", 4th edition (2003); Kerby, "The simple difference formula", Comprehensive
 * Psychology 3 (2014).
 */
export function rankBiserial(differences: ArrayLike<number>): number {
  const { n, positive, negative } = signedRanks(differences);
  return n === 0 ? 0 : (positive - negative) / (positive + negative);
}
