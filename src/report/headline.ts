import { bothWays, claim, inSentence } from "./claim.ts";
import { type ComparisonLine, pClause } from "./comparison-line.ts";
import { type Level, levelText } from "./level.ts";
import { count, listed, withUnit } from "./numbers.ts";

/**
 * What a report on one workload opens with: the strongest verdict on the first primary measure, whichever way it goes. Only the first,
 * because looking for the measure on which something is better would find one too often; and when the policy that wins there loses
 * elsewhere, that is said too. With nothing to compare, what the only policy came to.
 */
export function headline(
  lines: readonly ComparisonLine[],
  levels: readonly Level[],
  findings: readonly string[],
): string {
  const line = leading(lines);
  if (line === undefined) return withoutComparison(levels);
  // What makes all policies alike comes before how little they differ.
  if (line.deterministic && findings.length > 0) return `${findings[0]} Deterministic, n = 1.`;
  const sentence = verdictSentence(line);
  const title = inSentence(line.measure.title);
  const rivals = lines.filter(({ measure }) => measure === line.measure).length;
  if (line.verdict === "worse" && rivals > 1) {
    return `No policy is shown better than ${line.baseline} in ${title}. ${sentence}`;
  }
  const lost = lines.filter(({ policy, verdict }) => policy === line.policy && verdict === "worse");
  if (line.verdict !== "better" || lost.length === 0) return sentence;
  return `${sentence} It is worse in ${listed(lost.map(({ measure }) => inSentence(measure.title)))}.`;
}

function withoutComparison(levels: readonly Level[]): string {
  const first = levels.find((level) => level.mean !== null);
  if (first === undefined) return "No trial was completed, so there is nothing to compare.";
  const among = first.n === 1 ? "1 seed" : `mean of ${first.n} seeds`;
  return `${first.policy}: ${inSentence(first.measure.title)} is ${levelText(first)} (${among}); there is no second policy to compare it with.`;
}

/** One primary row as a sentence: what the policy does, how sure that is, and on how many seeds. */
function verdictSentence(line: ComparisonLine): string {
  const { policy, baseline, measure, n } = line;
  const title = inSentence(measure.title);
  if (line.kind === "incomparable") {
    return `${policy} and ${baseline} cannot be compared in ${title}: ${line.sentence}.`;
  }
  const median = line.medianDifference ?? 0;
  const difference = { low: line.low ?? median, high: line.high ?? median };
  const paired = n === 1 ? "1 seed" : `${n} paired seeds`;
  switch (line.verdict) {
    case "better":
    case "worse":
      return `${policy} ${claim(measure, difference, baseline)} (${[line.verdict, paired, pClause(line)].filter(Boolean).join(", ")}).`;
    case "equivalent":
      return `${policy} and ${baseline} are equivalent in ${title}, within the stated margin (${[within(line), paired, pClause(line)].filter(Boolean).join(", ")}).`;
    case "deterministic, n = 1":
      return `${policy} ${claim(measure, difference, baseline)} (deterministic: every seed gives the same run, so n = 1 and there is no interval).`;
    case "no difference shown":
    case null: {
      if (line.seedsNeeded !== null) {
        return `Too few seeds to tell ${policy} from ${baseline} in ${title}: ${count(n, "seed")} cannot give a verdict in a table of this size, ${line.seedsNeeded} can.`;
      }
      const facts = [within(line), paired, pClause(line)].filter(Boolean).join(", ");
      return `No difference shown between ${policy} and ${baseline} in ${title} (${facts}).`;
    }
  }
}

/** For each primary measure, which policies are better, worse, and so on: "GPU allocation at the end: better: a and b; worse: c." */
export function measureSummaries(lines: readonly ComparisonLine[]): string[] {
  const measures = [...new Set(lines.map(({ measure }) => measure))];
  return measures.map((measure) => {
    const groups = new Map<string, string[]>();
    for (const line of lines) {
      if (line.measure !== measure) continue;
      const verdict = line.verdict ?? "not comparable";
      groups.set(verdict, [...(groups.get(verdict) ?? []), line.policy]);
    }
    const parts = order.flatMap((verdict) => {
      const policies = groups.get(verdict);
      return policies === undefined ? [] : [`${verdict}: ${listed(policies)}`];
    });
    return `${measure.title}: ${parts.join("; ")}.`;
  });
}

const order: readonly string[] = [
  "better",
  "worse",
  "equivalent",
  "deterministic, n = 1",
  "no difference shown",
  "not comparable",
];

/** Of the rows on the first measure, the largest difference among those with the most telling verdict. */
function leading(lines: readonly ComparisonLine[]): ComparisonLine | undefined {
  const first = lines.filter(({ measure }) => measure === lines[0].measure);
  for (const verdict of ["better", "worse", "equivalent"]) {
    const best = strongest(first.filter((line) => line.verdict === verdict));
    if (best !== undefined) return best;
  }
  return strongest(first.filter(({ medianDifference }) => medianDifference !== null)) ?? first[0];
}

function strongest(lines: readonly ComparisonLine[]): ComparisonLine | undefined {
  let best: ComparisonLine | undefined;
  for (const line of lines) {
    if (best === undefined || size(line) > size(best)) best = line;
  }
  return best;
}

function size({ medianDifference }: ComparisonLine): number {
  return Math.abs(medianDifference ?? 0);
}

/** Where the difference lies, for a verdict that has no direction. */
function within({ measure, low, high, medianDifference }: ComparisonLine): string {
  if (low === null || high === null)
    return `median difference ${withUnit(medianDifference ?? 0, differenceOf(measure.unit))}`;
  if (low === 0 && high === 0) return "no seed differs in the median";
  if (low < 0 && high > 0) return `between ${bothWays(measure, { low, high })}`;
  return high > 0
    ? `higher by ${withUnit(low, differenceOf(measure.unit))} to ${withUnit(high, differenceOf(measure.unit))}`
    : `lower by ${withUnit(-high, differenceOf(measure.unit))} to ${withUnit(-low, differenceOf(measure.unit))}`;
}

/** The unit of a difference, as `withUnit` takes it. */
function differenceOf(unit: string): string {
  return unit === "percent" ? "points" : unit;
}
