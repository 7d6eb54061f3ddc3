import { assert } from "../base/assert.ts";
import { differencePhrase, seedCount } from "./comparison-phrases.ts";
import { medianInterval, type OrderStatisticInterval } from "./order-statistic-interval.ts";
import { pairedDifferences } from "./paired-differences.ts";
import { mean, median } from "./quantile.ts";
import { rankBiserial } from "./rank-biserial.ts";

/** One measure of two policies: one value per seed, the same seeds in the same order, all finite. */
export interface PairedMeasure {
  readonly baseline: ArrayLike<number>;
  readonly policy: ArrayLike<number>;
  /** Printed after numbers: "points", "s". */
  readonly unit?: string;
  /**
   * All seeds gave one trace digest, for the baseline and for the policy. Twenty copies of one run are one run: an
   * interval or p-value from them would be a certainty nobody has.
   */
  readonly deterministic?: boolean;
}

export interface PairedComparison {
  /** Pairs; 1 when deterministic. */
  readonly n: number;
  readonly deterministic: boolean;
  readonly baselineMean: number;
  readonly policyMean: number;
  /** policy - baseline, seed by seed. */
  readonly differences: readonly number[];
  readonly medianDifference: number;
  /**
   * Exact, of the median difference, not adjusted for other rows; undefined with too few seeds or when
   * deterministic.
   */
  readonly interval: OrderStatisticInterval | undefined;
  /** Matched-pairs rank-biserial correlation, above 0 when the policy is higher; undefined when deterministic. */
  readonly effectSize: number | undefined;
  /** The difference in words: "higher by 2.1 to 3.4 points (95 % interval of the median difference)". */
  readonly phrase: string;
  /** The whole row as a fragment of a sentence whose subject is the measure under the policy. */
  readonly sentence: string;
}

/**
 * What one measure shows, without a verdict: all there is for an exploratory row, the groundwork of a primary one.
 *
 * Paired by seed: both policies met the same arrivals and run times, so what is common to a seed cancels in
 * the difference and far fewer seeds are needed than for two independent samples. The median and its
 * order-statistic interval, because differences between schedulers are often skewed and a few seeds can be wild.
 */
export function comparePaired(measure: PairedMeasure, confidence = 0.95): PairedComparison {
  const all = pairedDifferences(measure.baseline, measure.policy);
  assert(all.length > 0, "comparison of no seeds");
  const deterministic = measure.deterministic === true;
  if (deterministic) {
    assert(
      constant(measure.baseline) && constant(measure.policy),
      "values of a deterministic measure differ between seeds",
    );
  }
  const differences = deterministic ? all.slice(0, 1) : all;
  const interval = deterministic ? undefined : medianInterval(differences, confidence);
  const medianDifference = median(differences);
  const phrase = differencePhrase(
    medianDifference,
    interval,
    measure.unit,
    deterministic ? undefined : confidence,
  );
  return {
    n: differences.length,
    deterministic,
    baselineMean: deterministic ? measure.baseline[0] : mean(measure.baseline),
    policyMean: deterministic ? measure.policy[0] : mean(measure.policy),
    differences,
    medianDifference,
    interval,
    effectSize: deterministic ? undefined : rankBiserial(differences),
    phrase,
    sentence: `${phrase}, ${deterministic ? "deterministic, n = 1" : seedCount(differences.length)}`,
  };
}

function constant(values: ArrayLike<number>): boolean {
  return Array.from(values).every((value) => value === values[0]);
}
