import { assert } from "../base/assert.ts";
import { binomialLowerTail } from "./binomial.ts";
import { medianInterval } from "./order-statistic-interval.ts";
import { median } from "./quantile.ts";
import { sortedNumbers } from "./sorted-numbers.ts";

export interface NoiseFloor {
  readonly n: number;
  /**
   * The longer arm of the exact interval: a true difference of this size would be seen in about half of all
   * such comparisons. Below it, "no difference shown" says next to nothing.
   */
  readonly halfWidth: number;
  /** The true difference that would be seen with chance `power` or more. */
  readonly detectable: number;
  readonly power: number;
}

/**
 * How small a difference these n pairs could show, given the noise seen in them: differences of a policy with
 * itself under other luck (A-A), or observed ones, of which the noise is what remains about their median.
 * Undefined when n pairs cannot reach the confidence.
 *
 * "Seen" means that the exact interval of the median difference excludes 0, that is, that at most r - 1 of
 * the n differences fall on the far side. With the noise as observed and a shift added, the chance s of a
 * difference to fall on the right side is counted off, and P(binomial(n, s) >= n - r + 1) is the power. No
 * normal curve is assumed, but the noise is taken from the sample: an estimate, rough below 20 pairs. The worse
 * of the two directions is given. A test for difference may see slightly less or more than the interval.
 */
export function minimumDetectableDifference(
  differences: ArrayLike<number>,
  confidence = 0.95,
  power = 0.8,
): NoiseFloor | undefined {
  assert(power > 0 && power < 1, `power outside 0..1 (${power})`);
  const centre = median(differences);
  const noise = sortedNumbers(Array.from(differences, (d) => d - centre));
  const interval = medianInterval(noise, confidence);
  if (interval === undefined) return undefined;
  const n = noise.length;
  // A shift beyond the k-th smallest noise brings at least k differences to the right side.
  const needed = onTheRightSide(n, excludable(n, confidence), power);
  const upwards = -noise[n - needed];
  const downwards = noise[needed - 1];
  return {
    n,
    halfWidth: Math.max(interval.high, -interval.low) + 0,
    detectable: Math.max(upwards, downwards) + 0,
    power,
  };
}

/** How many of n differences may fall on the far side with the interval still excluding 0. */
function excludable(n: number, confidence: number): number {
  const tail = binomialLowerTail(n);
  let count = 0;
  while (tail[count] <= (1 - confidence) / 2) count++;
  return count - 1;
}

/** The smallest k such that P(X <= far) >= power for X binomial(n, 1 - k/n): k of n in the sample, right side. */
function onTheRightSide(n: number, far: number, power: number): number {
  for (let k = 1; k < n; k++) {
    if (binomialLowerTail(n, 1 - k / n)[far] >= power) return k;
  }
  return n;
}
