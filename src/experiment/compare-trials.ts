import type { Measure } from "../metrics/measure.ts";
import { measures } from "../metrics/measures.ts";
import { comparePaired, type PairedMeasure } from "../statistics/compare-paired.ts";
import { compareTable, type PrimaryRow } from "../statistics/compare-table.ts";
import { mean, median } from "../statistics/quantile.ts";
import type { Comparison, Incomparable, WorkloadFacts } from "./experiment-result.ts";
import type { CompletedTrial, TrialResult } from "./trial-result.ts";

export interface CompareTrialsOptions {
  readonly trials: readonly TrialResult[];
  readonly workloads: readonly Pick<WorkloadFacts, "name" | "primaryMeasures" | "sameForEverySeed">[];
  readonly policies: readonly string[];
  readonly baseline: string;
  /** Differences below this share of the baseline's median do not matter; undefined: nothing is called equivalent. */
  readonly margin: number | undefined;
}

/** A measure of a policy and of the baseline, seed by seed, as far as both finished. */
interface Pairing {
  readonly workload: string;
  readonly policy: string;
  readonly measure: Measure;
  readonly primary: boolean;
  readonly sameForEverySeed: boolean;
  readonly pairs: readonly (readonly [CompletedTrial, CompletedTrial])[];
}

/**
 * Compares every policy with the baseline, paired by seed. All primary measures of all workloads and policies are one
 * table, judged together; the others get an interval and no verdict.
 */
export function compareTrials(options: CompareTrialsOptions): Comparison[] {
  const pairings = pairUp(options);
  const rows = pairings.map((pairing) => pairing.primary && toRow(pairing));
  const judged = compareTable(
    rows.filter((row) => isTestable(row)).map((row) => ({ ...row, ...margin(row, options.margin) })),
  );
  let next = 0;
  const comparisons = pairings.map((pairing, i): Comparison => {
    const { workload, policy, measure } = pairing;
    const row = rows[i];
    if (isTestable(row)) return { workload, policy, measure, row: { kind: "judged", ...judged[next++] } };
    const explored = row || toRow(pairing);
    if ("kind" in explored) return { workload, policy, measure, row: explored };
    return { workload, policy, measure, row: { kind: "explored", ...comparePaired(explored) } };
  });
  return [...comparisons.filter(isPrimary), ...comparisons.filter((comparison) => !isPrimary(comparison))];

  function isPrimary({ workload, measure }: Comparison): boolean {
    return options.workloads.some(
      ({ name, primaryMeasures }) => name === workload && primaryMeasures.includes(measure.name),
    );
  }
}

function isTestable(row: PrimaryRow | Incomparable | false | undefined): row is PrimaryRow {
  return row !== undefined && row !== false && !("kind" in row);
}

function pairUp({ trials, workloads, policies, baseline }: CompareTrialsOptions): Pairing[] {
  const completed = new Map<string, CompletedTrial>();
  for (const trial of trials) {
    if (trial.state === "completed") completed.set(key(trial.workload, trial.policy, trial.seed), trial);
  }
  const seeds = [...new Set(trials.map(({ seed }) => seed))];
  const pairings: Pairing[] = [];
  for (const { name: workload, primaryMeasures, sameForEverySeed } of workloads) {
    for (const policy of policies) {
      if (policy === baseline) continue;
      const pairs = seeds.flatMap((seed) => {
        const a = completed.get(key(workload, baseline, seed));
        const b = completed.get(key(workload, policy, seed));
        return a && b ? [[a, b] as const] : [];
      });
      for (const measure of measures) {
        const applies = pairs.some((pair) => pair.some((trial) => measuredValue(trial, measure) !== null));
        if (!applies) continue;
        pairings.push({
          workload,
          policy,
          measure,
          primary: primaryMeasures.includes(measure.name),
          sameForEverySeed,
          pairs,
        });
      }
    }
  }
  return pairings;
}

function toRow({ measure, pairs, sameForEverySeed }: Pairing): PrimaryRow | Incomparable {
  const values = (side: 0 | 1) => pairs.map((pair) => measuredValue(pair[side], measure));
  const baseline = values(0);
  const policy = values(1);
  const missing = pairs.filter((_, i) => baseline[i] === null || policy[i] === null).length;
  if (missing > 0) return incomparable(`no value in ${missing} of ${pairs.length} seeds`, baseline, policy);
  const censored = pairs.filter((pair) =>
    pair.some(({ measured }) => measured.atLeast.includes(measure.name)),
  ).length;
  if (censored > 0) {
    const why = `censored in ${censored} of ${pairs.length} seeds: with pods still pending, the true value is at least what is printed`;
    return incomparable(why, baseline, policy);
  }
  const row: PairedMeasure = {
    baseline: baseline.map(Number),
    policy: policy.map(Number),
    unit: unitPhrase(measure),
    deterministic:
      (isDeterministic(pairs, 0) && isDeterministic(pairs, 1)) ||
      // Copies of one observation, even if a policy's own luck put pods on other nodes.
      (sameForEverySeed && pairs.length > 1 && isConstant(baseline) && isConstant(policy)),
  };
  return { ...row, better: measure.better === "lower" ? "lower" : "higher" };
}

/** Every seed gave the same trace. One seed alone says nothing about that. */
function isDeterministic(pairs: Pairing["pairs"], side: 0 | 1): boolean {
  return pairs.length > 1 && new Set(pairs.map((pair) => pair[side].digest)).size === 1;
}

function isConstant(values: readonly (number | null)[]): boolean {
  return values.every((value) => value === values[0]);
}

function incomparable(
  why: string,
  baseline: readonly (number | null)[],
  policy: readonly (number | null)[],
): Incomparable {
  const average = (values: readonly (number | null)[]) => {
    const present = values.filter((value) => value !== null);
    return present.length === 0 ? undefined : mean(present);
  };
  return {
    kind: "incomparable",
    why,
    n: baseline.length,
    baselineMean: average(baseline),
    policyMean: average(policy),
  };
}

function margin(row: PrimaryRow, share: number | undefined): { readonly margin?: number } {
  if (share === undefined) return {};
  const absolute = Math.abs(median(Array.from(row.baseline))) * share;
  return absolute > 0 ? { margin: absolute } : {};
}

/** How a difference in the measure is said: points for percents, the unit otherwise. */
function unitPhrase({ unit }: Measure): string {
  if (unit === "percent") return "points";
  if (unit === "seconds") return "s";
  return unit === "ratio" ? "" : unit;
}

function measuredValue(trial: CompletedTrial, measure: Measure): number | null {
  return trial.measured.values[measure.name] ?? null;
}

function key(workload: string, policy: string, seed: number): string {
  return `${workload}\u0000${policy}\u0000${seed}`;
}
