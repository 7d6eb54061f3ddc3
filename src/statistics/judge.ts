import type { PairedComparison } from "./compare-paired.ts";

export type Verdict = "better" | "worse" | "equivalent" | "no difference shown" | "deterministic, n = 1";

export interface Evidence {
  readonly better: "higher" | "lower";
  readonly alpha: number;
  /** Rows of the table that were tested: the family Holm adjusted for. */
  readonly rows: number;
  /** Signed-rank p-value before and after Holm. */
  readonly p: number;
  readonly pAdjusted: number;
  /** Of equivalence after Holm; undefined without a margin. */
  readonly pEquivalence: number | undefined;
  /** Seeds that gave no difference. */
  readonly zeros: number;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** What a reader of the row must know not to be misled by it. */
  readonly notes: readonly string[];
}

/**
 * The verdict on one tested row. The signed-rank test decides and the interval is reported: the test has more
 * power, as it weighs the sizes of differences, while the interval, which counts signs only, has no assumption
 * to defend. They answer slightly different questions and can disagree; the row then says so.
 *
 * Equivalence comes before better and worse: whoever states a margin says that smaller differences do not
 * matter. A difference both significant and shown to be within the margin is real and too small to matter.
 *
 * In a table, the chance that any row whose policies are in truth exchangeable is called better or worse is at
 * most alpha; so is the chance that any row whose median difference is not within its margin is called
 * equivalent. Which of better and worse it is, is read from the sign of the rank-biserial correlation.
 */
export function judge(comparison: PairedComparison, evidence: Evidence): Judgement {
  const { alpha, pAdjusted, pEquivalence } = evidence;
  const significant = pAdjusted <= alpha;
  const equivalent = pEquivalence !== undefined && pEquivalence <= alpha;
  const higher = (comparison.effectSize ?? 0) > 0;
  const notes: string[] = [];
  if (equivalent && significant) {
    notes.push(`consistently ${higher ? "higher" : "lower"}, but by less than the margin`);
  }
  const disagreement = disagreementNote(comparison, evidence, higher);
  if (disagreement !== undefined) notes.push(disagreement);
  if (evidence.zeros > 0) {
    const share = evidence.zeros === comparison.n ? "any seed" : `${evidence.zeros} of ${comparison.n} seeds`;
    notes.push(`no difference in ${share}; such seeds carry no weight in the test`);
  }
  if (equivalent) return { verdict: "equivalent", notes };
  if (!significant) return { verdict: "no difference shown", notes };
  return { verdict: higher === (evidence.better === "higher") ? "better" : "worse", notes };
}

function disagreementNote(
  comparison: PairedComparison,
  evidence: Evidence,
  higher: boolean,
): string | undefined {
  const { interval } = comparison;
  if (interval === undefined) return undefined;
  if (evidence.pAdjusted <= evidence.alpha) {
    const agrees = higher ? interval.low > 0 : interval.high < 0;
    if (agrees) return undefined;
    return (
      "the test is significant though the interval does not exclude 0: " +
      "the test weighs sizes, the interval only signs"
    );
  }
  if (interval.low <= 0 && interval.high >= 0) return undefined;
  return evidence.p <= evidence.alpha
    ? `the interval excludes 0, but it is not adjusted for the ${evidence.rows} rows of the table; the verdict is`
    : "the interval excludes 0 though the test is not significant: the larger differences point both ways";
}
