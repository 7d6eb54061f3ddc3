import type { ExperimentResult, PolicyFacts, WorkloadFacts } from "../experiment/experiment-result.ts";
import type { Provenance } from "../experiment/provenance.ts";
import type { CompletedTrial } from "../experiment/trial-result.ts";
import type { Measure } from "../metrics/measure.ts";
import { measures } from "../metrics/measures.ts";
import { type BandedSeries, bandedSeries } from "./band.ts";
import { type ComparisonLine, comparisonLine } from "./comparison-line.ts";
import { headline, measureSummaries } from "./headline.ts";
import { type HeatMap, heatMap } from "./heat-map.ts";
import { type Level, level } from "./level.ts";
import { count } from "./numbers.ts";
import { type SpeedLevel, type SpeedLine, speedLevels, speedLines } from "./speed.ts";
import { type TieReport, tieReport } from "./tie-rules.ts";
import { type TrialLine, trialLine } from "./trial-line.ts";

/** Every figure of a report, as plain data: the formats differ only in how they write it down. */
export interface ReportModel {
  readonly baseline: string;
  readonly policies: readonly PolicyFacts[];
  readonly seeds: readonly number[];
  readonly workloads: readonly WorkloadReport[];
  /** What a reader must know before anything else: the experiment was interrupted, trials failed. */
  readonly warnings: readonly string[];
  /** Each measure that some table shows. */
  readonly definitions: readonly Measure[];
  readonly speed: readonly SpeedLine[];
  readonly speedLevels: readonly SpeedLevel[];
  readonly provenance: Provenance;
}

export interface WorkloadReport {
  readonly facts: WorkloadFacts;
  readonly headline: string;
  /** What the figures call for besides. */
  readonly findings: readonly string[];
  /** A sentence for each primary measure: who is better, who is worse. */
  readonly summaries: readonly string[];
  /** Rows of the primary measures, judged or incomparable; policies within measures. */
  readonly primary: readonly ComparisonLine[];
  /** The other rows: intervals without a verdict. */
  readonly explored: readonly ComparisonLine[];
  /** For each measure that applies to some trial, one entry per policy, baseline included. */
  readonly levels: readonly { readonly measure: Measure; readonly of: readonly Level[] }[];
  readonly series: readonly BandedSeries[];
  readonly pending: PendingTable;
  readonly heat: readonly HeatMap[];
  /** Set when the experiment was repeated under other tie rules. */
  readonly ties: TieReport | undefined;
  readonly trials: readonly TrialLine[];
}

/** Why pods are pending at the end. */
export interface PendingTable {
  /** The commonest first. */
  readonly reasons: readonly string[];
  /** `mean[reason][policy]`: pods, the mean over the completed seeds; null for a policy without any. */
  readonly mean: readonly (readonly (number | null)[])[];
}

export function reportModel(result: ExperimentResult): ReportModel {
  const workloads = result.workloads.map((facts) => workloadReport(result, facts));
  const speed = speedLines(result.trials);
  const shown = new Set(workloads.flatMap(({ levels }) => levels.map(({ measure }) => measure.name)));
  return {
    baseline: result.baseline,
    policies: result.policies,
    seeds: result.seeds,
    workloads,
    warnings: warnings(result),
    definitions: measures.filter(({ name }) => shown.has(name)),
    speed,
    speedLevels: speedLevels(speed),
    provenance: result.provenance,
  };
}

function workloadReport(result: ExperimentResult, facts: WorkloadFacts): WorkloadReport {
  const trials = result.trials.filter(({ workload }) => workload === facts.name);
  const trialsOf = result.policies.map(({ name: policy }) => ({
    policy,
    trials: trials.filter(
      (trial): trial is CompletedTrial => trial.state === "completed" && trial.policy === policy,
    ),
  }));
  const lines = result.comparisons
    .filter(({ workload }) => workload === facts.name)
    .map((comparison) => comparisonLine(comparison, result.baseline, facts.primaryMeasures));
  const primary = inOrder(
    lines.filter((line) => line.primary && line.kind !== "explored"),
    facts.primaryMeasures,
    result.policies,
  );
  const explored = inOrder(
    lines.filter((line) => !primary.includes(line)),
    measures.map(({ name }) => name),
    result.policies,
  );
  const levels = measures
    .map((measure) => ({ measure, of: trialsOf.map((of) => level(of.trials, of.policy, measure)) }))
    .filter(({ of }) => of.some(({ n }) => n > 0));
  const leading = facts.primaryMeasures.flatMap((name) =>
    levels.filter(({ measure }) => measure.name === name),
  );
  const opening = headline(primary, (leading[0] ?? levels[0])?.of ?? [], facts.findings);
  return {
    facts,
    headline: opening,
    findings: facts.findings.filter((finding) => !opening.includes(finding)),
    summaries: measureSummaries(primary),
    primary,
    explored,
    levels,
    series: bandedSeries(trialsOf),
    pending: pendingTable(trialsOf),
    heat: trialsOf.flatMap(({ trials: [first] }) => (first === undefined ? [] : [heatMap(first)])),
    ties: tieReport(result.tieSensitivity, facts, levels),
    trials: trials.map(trialLine),
  };
}

/** By measure, and within it by policy, both in the orders given. */
function inOrder(
  lines: readonly ComparisonLine[],
  measureNames: readonly string[],
  policies: readonly PolicyFacts[],
): ComparisonLine[] {
  const place = new Map(measureNames.map((name, i) => [name, i]));
  const policyPlace = new Map(policies.map(({ name }, i) => [name, i]));
  const last = measureNames.length;
  return lines.toSorted(
    (a, b) =>
      (place.get(a.measure.name) ?? last) - (place.get(b.measure.name) ?? last) ||
      (policyPlace.get(a.policy) ?? 0) - (policyPlace.get(b.policy) ?? 0),
  );
}

function pendingTable(trialsOf: readonly { readonly trials: readonly CompletedTrial[] }[]): PendingTable {
  const totals = new Map<string, number>();
  for (const { measured } of trialsOf.flatMap(({ trials }) => trials)) {
    for (const [reason, pods] of Object.entries(measured.pendingByReason)) {
      totals.set(reason, (totals.get(reason) ?? 0) + pods);
    }
  }
  const reasons = [...totals.keys()].sort(
    (a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0) || (a < b ? -1 : 1),
  );
  const mean = reasons.map((reason) =>
    trialsOf.map(({ trials }) => {
      if (trials.length === 0) return null;
      const pods = trials.reduce((sum, { measured }) => sum + (measured.pendingByReason[reason] ?? 0), 0);
      return pods / trials.length;
    }),
  );
  return { reasons, mean };
}

function warnings({ interrupted, trials }: ExperimentResult): string[] {
  const found: string[] = [];
  if (interrupted !== undefined) {
    found.push(
      `Interrupted: ${interrupted.finished} of ${count(interrupted.planned, "trial")} were finished. What follows rests on those alone.`,
    );
  }
  const failed = trials.filter(({ state }) => state === "failed").length;
  if (failed > 0) {
    found.push(
      `${failed} of ${count(trials.length, "trial")} failed. Comparisons use the seeds that both policies finished; a policy that fails on the hard seeds can look better than it is.`,
    );
  }
  return found;
}
