import { assert } from "../base/assert.ts";
import { comparePaired, type PairedComparison, type PairedMeasure } from "./compare-paired.ts";
import { pPhrase, seedCount, withUnit } from "./comparison-phrases.ts";
import { equivalence } from "./equivalence.ts";
import { holm } from "./holm.ts";
import { judge, type Verdict } from "./judge.ts";
import { minimumDetectableDifference } from "./noise-floor.ts";
import { seedsNeeded } from "./seeds-needed.ts";
import { signedRank } from "./signed-rank.ts";

export interface PrimaryRow extends PairedMeasure {
  /** Which way is good for this measure. */
  readonly better: "higher" | "lower";
  /** Differences smaller than this, in the measure's unit, do not matter. Without it nothing is called equivalent. */
  readonly margin?: number;
}

export interface TableOptions {
  /** Of the chance of any false verdict in the table; 0.05 unless told. */
  readonly alpha?: number;
  /** Of each row's interval; 0.95 unless told. */
  readonly confidence?: number;
}

export interface JudgedRow extends PairedComparison {
  readonly verdict: Verdict;
  /** Signed-rank p-value, two-sided and exact, before Holm; undefined when deterministic, as are all p-values. */
  readonly p: number | undefined;
  /** After Holm over the tested rows. */
  readonly pAdjusted: number | undefined;
  /** Of equivalence within the margin, after Holm over the rows with a margin; undefined without one. */
  readonly pEquivalence: number | undefined;
  /** Set when no data from so few seeds could have been significant: the smallest number that could. */
  readonly seedsNeeded: number | undefined;
  /**
   * The noise floor: the true difference that so many pairs would have shown with a chance of 80 %, in the measure's
   * unit. Undefined when deterministic, or with too few seeds for an interval.
   */
  readonly detectable: number | undefined;
  readonly notes: readonly string[];
}

/**
 * Judges the primary table, all rows together and in their order. Together, because a table of twelve true nulls,
 * were they independent, would show a p below 0.05 with chance 46 %: Holm needs every row that could have been called
 * better or worse. Leave out a row after seeing its result and the guarantee is gone.
 *
 * Deterministic rows are not tested and do not count among the rows. A row whose adjusted p is at most alpha is
 * better or worse, unless it is shown equivalent (see `judge`).
 */
export function compareTable(rows: readonly PrimaryRow[], options: TableOptions = {}): JudgedRow[] {
  const { alpha = 0.05, confidence = 0.95 } = options;
  assert(alpha > 0 && alpha < 1, `alpha outside 0..1 (${alpha})`);
  const comparisons = rows.map((row) => comparePaired(row, confidence));
  const tests = comparisons.map((c) => (c.deterministic ? undefined : signedRank(c.differences)));
  const tested = tests.filter((test) => test !== undefined).length;
  const adjusted = holmWherePresent(tests.map((test) => test?.p));
  const equivalent = holmWherePresent(
    comparisons.map((c, i) => {
      const margin = rows[i].margin;
      return c.deterministic || margin === undefined ? undefined : equivalence(c.differences, margin).p;
    }),
  );
  const withMargin = equivalent.filter((p) => p !== undefined).length;
  return rows.map((row, i) => {
    const comparison = comparisons[i];
    const test = tests[i];
    const pAdjusted = adjusted[i];
    if (test === undefined || pAdjusted === undefined) return deterministicRow(comparison);
    const pEquivalence = equivalent[i];
    const evidence = {
      better: row.better,
      alpha,
      rows: tested,
      p: test.p,
      pAdjusted,
      pEquivalence,
      zeros: test.zeros,
    };
    const { verdict, notes } = judge(comparison, evidence);
    const needed = seedsNeeded(tested, alpha);
    const tooFew = verdict === "no difference shown" && comparison.n < needed;
    const detectable = minimumDetectableDifference(comparison.differences, confidence)?.detectable;
    const judged = { ...comparison, verdict, p: test.p, pAdjusted, pEquivalence, detectable, notes };
    const withSeeds = { ...judged, seedsNeeded: tooFew ? needed : undefined };
    return { ...withSeeds, sentence: sentenceOf(row, withSeeds, { tested, withMargin, alpha }) };
  });
}

function deterministicRow(comparison: PairedComparison): JudgedRow {
  return {
    ...comparison,
    verdict: "deterministic, n = 1",
    p: undefined,
    pAdjusted: undefined,
    pEquivalence: undefined,
    seedsNeeded: undefined,
    detectable: undefined,
    notes: [],
  };
}

function holmWherePresent(pValues: readonly (number | undefined)[]): (number | undefined)[] {
  const adjusted = holm(pValues.filter((p) => p !== undefined));
  let next = 0;
  return pValues.map((p) => (p === undefined ? undefined : adjusted[next++]));
}

interface Family {
  readonly tested: number;
  readonly withMargin: number;
  readonly alpha: number;
}

function sentenceOf(row: PrimaryRow, judged: JudgedRow, { tested, withMargin, alpha }: Family): string {
  const parts = [judged.phrase];
  if (judged.verdict === "equivalent" && row.margin !== undefined && judged.pEquivalence !== undefined) {
    parts.push(`within the margin of ${withUnit(row.margin, row.unit)}`);
    parts.push(`${pPhrase(judged.pEquivalence, alpha)} for equivalence${afterHolm(withMargin)}`);
  } else if (judged.pAdjusted !== undefined) {
    parts.push(`${pPhrase(judged.pAdjusted, alpha)}${afterHolm(tested)}`);
  }
  parts.push(seedCount(judged.n));
  const sentence = `${parts.join(", ")}${noiseFloorPhrase(row, judged)}`;
  if (judged.seedsNeeded === undefined) return sentence;
  const table = tested === 1 ? "" : ` in a table of ${tested} rows`;
  return `${sentence}; so few cannot reach p = ${alpha}${table}, ${judged.seedsNeeded} can`;
}

/** What "no difference shown" leaves open. */
function noiseFloorPhrase(row: PrimaryRow, { verdict, detectable, seedsNeeded: needed }: JudgedRow): string {
  if (verdict !== "no difference shown" || !detectable || needed !== undefined) return "";
  return `; a difference of ${withUnit(detectable, row.unit)} would have been seen with a chance of 80 %`;
}

/** Of a family of one, Holm changes nothing. */
function afterHolm(family: number): string {
  return family > 1 ? " after Holm" : "";
}
