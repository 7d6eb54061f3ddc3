import type { Comparison } from "../experiment/experiment-result.ts";
import type { Measure } from "../metrics/measure.ts";
import { pPhrase } from "../statistics/comparison-phrases.ts";
import type { Verdict } from "../statistics/judge.ts";
import { differenceUnit, NONE, signed, signedRange } from "./numbers.ts";

/** The level of the primary table, by which p-values are rounded: never across it. */
const ALPHA = 0.05;

/** One row of the comparison tables, flat: every format is written from it. Absent figures are null. */
export interface ComparisonLine {
  readonly workload: string;
  readonly policy: string;
  readonly baseline: string;
  readonly measure: Measure;
  readonly kind: "judged" | "explored" | "incomparable";
  /** Whether the workload declares the measure primary; an incomparable primary row has no verdict. */
  readonly primary: boolean;
  /** Pairs; 1 when deterministic. */
  readonly n: number;
  readonly baselineMean: number | null;
  readonly policyMean: number | null;
  readonly medianDifference: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The interval's achieved confidence, 0 to 1. */
  readonly coverage: number | null;
  readonly p: number | null;
  readonly pAdjusted: number | null;
  readonly pEquivalence: number | null;
  readonly effectSize: number | null;
  readonly deterministic: boolean;
  /** Null when the row is exploratory or incomparable. */
  readonly verdict: Verdict | null;
  /** Set when so few seeds cannot reach significance: the smallest number that could. */
  readonly seedsNeeded: number | null;
  /** What a reader of the row must know not to be misled by it. */
  readonly notes: readonly string[];
  /** The row in words, by the statistics; for an incomparable row, why. */
  readonly sentence: string;
}

export function comparisonLine(
  { workload, policy, measure, row }: Comparison,
  baseline: string,
  primaryMeasures: readonly string[],
): ComparisonLine {
  const key = { workload, policy, baseline, measure, primary: primaryMeasures.includes(measure.name) };
  if (row.kind === "incomparable") {
    return {
      ...key,
      ...noFigures,
      kind: "incomparable",
      n: row.n,
      baselineMean: row.baselineMean ?? null,
      policyMean: row.policyMean ?? null,
      notes: [row.why],
      sentence: row.why,
    };
  }
  const judged = row.kind === "judged" ? row : undefined;
  return {
    ...key,
    kind: row.kind,
    n: row.n,
    baselineMean: row.baselineMean,
    policyMean: row.policyMean,
    medianDifference: row.medianDifference,
    low: row.interval?.low ?? null,
    high: row.interval?.high ?? null,
    coverage: row.interval?.coverage ?? null,
    p: judged?.p ?? null,
    pAdjusted: judged?.pAdjusted ?? null,
    pEquivalence: judged?.pEquivalence ?? null,
    effectSize: row.effectSize ?? null,
    deterministic: row.deterministic,
    verdict: judged?.verdict ?? null,
    seedsNeeded: judged?.seedsNeeded ?? null,
    notes: judged?.notes ?? [],
    sentence: row.sentence,
  };
}

const noFigures = {
  medianDifference: null,
  low: null,
  high: null,
  coverage: null,
  p: null,
  pAdjusted: null,
  pEquivalence: null,
  effectSize: null,
  deterministic: false,
  verdict: null,
  seedsNeeded: null,
} as const;

/** The verdict's cell; a primary row without one says so. */
export function verdictText(line: ComparisonLine): string {
  return line.verdict ?? (line.kind === "incomparable" ? "not comparable" : NONE);
}

/** "+2.1 to +3.4"; the lone difference when no interval can be given. Without its unit. */
export function differenceText({ low, high, medianDifference }: ComparisonLine): string {
  if (low !== null && high !== null) return signedRange(low, high);
  return medianDifference === null ? NONE : signed(medianDifference);
}

/** "+2.1 to +3.4 points". */
export function differenceWithUnit(line: ComparisonLine): string {
  const unit = line.medianDifference === null ? "" : differenceUnit(line.measure.unit);
  return unit === "" ? differenceText(line) : `${differenceText(line)} ${unit}`;
}

/** The p-value that the verdict stands on, for a cell: "0.0002", "< 0.0001". */
export function pText(line: ComparisonLine): string {
  const p = decidingP(line);
  return p === null ? NONE : pPhrase(p, ALPHA).replace(/^p (= )?/, "");
}

/** For a sentence: "p = 0.0002 after Holm". Undefined when the row is not tested. */
export function pClause(line: ComparisonLine): string | undefined {
  const p = decidingP(line);
  if (p === null) return undefined;
  return `${pPhrase(p, ALPHA)}${line.verdict === "equivalent" ? " for equivalence" : ""} after Holm`;
}

function decidingP(line: ComparisonLine): number | null {
  return line.verdict === "equivalent" ? line.pEquivalence : line.pAdjusted;
}
