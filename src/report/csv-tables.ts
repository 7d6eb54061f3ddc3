import type { ExperimentResult } from "../experiment/experiment-result.ts";
import { measures } from "../metrics/measures.ts";
import { type Cell, csv } from "./csv.ts";
import type { ReportModel } from "./report-model.ts";

/** Every comparison, exploratory ones included: those have neither adjusted p-value nor verdict. */
export function comparisonsCsv({ workloads }: ReportModel): Iterable<string> {
  const header = [
    "measure",
    "unit",
    "better",
    "baseline",
    "policy",
    "workload",
    "n",
    "baseline_mean",
    "policy_mean",
    "diff_median",
    "ci_low",
    "ci_high",
    "p_adjusted",
    "effect_size",
    "verdict",
  ];
  const rows = workloads
    .flatMap(({ primary, explored }) => [...primary, ...explored])
    .map((line): Cell[] => [
      line.measure.name,
      line.measure.unit,
      line.measure.better,
      line.baseline,
      line.policy,
      line.workload,
      line.n,
      line.baselineMean,
      line.policyMean,
      line.medianDifference,
      line.low,
      line.high,
      line.pAdjusted,
      line.effectSize,
      line.verdict ?? (line.kind === "incomparable" ? "not comparable" : null),
    ]);
  return csv(header, rows);
}

/** Every trial, failed and skipped ones included, with every measure there is. */
export function trialsCsv({ workloads }: ReportModel): Iterable<string> {
  const header = [
    "workload",
    "policy",
    "seed",
    "status",
    "trace_digest",
    "cause",
    "message",
    "replay",
    "simulated_seconds",
    "events",
    "at_least",
    ...measures.map(({ name }) => name),
  ];
  const rows = workloads
    .flatMap(({ trials }) => trials)
    .map((line): Cell[] => [
      line.workload,
      line.policy,
      line.seed,
      line.status,
      line.digest,
      line.cause,
      line.message,
      line.replay,
      line.simulatedSeconds,
      line.events,
      line.atLeast.join(" "),
      ...measures.map(({ name }) => line.values[name] ?? null),
    ]);
  return csv(header, rows);
}

/** Every sample of every completed trial; none where a run did not come that far. */
export function seriesCsv({ trials }: ExperimentResult): Iterable<string> {
  return csv(["workload", "policy", "seed", "measure", "at", "at_unit", "value"], samples(trials));
}

function* samples(trials: ExperimentResult["trials"]): Generator<Cell[]> {
  for (const trial of trials) {
    if (trial.state !== "completed") continue;
    const { workload, policy, seed, measured } = trial;
    for (const { name, at, atUnit, values } of measured.series) {
      for (let i = 0; i < at.length; i++) {
        if (Number.isFinite(values[i])) yield [workload, policy, seed, name, at[i], atUnit, values[i]];
      }
    }
  }
}

/** Measured times: the only table that differs from run to run. */
export function speedCsv({ speed }: ReportModel): Iterable<string> {
  return csv(
    ["workload", "policy", "seed", "attempts", "events", "wall_seconds", "attempts_per_second"],
    speed.map(({ workload, policy, seed, attempts, events, wallSeconds, attemptsPerSecond }) => [
      workload,
      policy,
      seed,
      attempts,
      events,
      wallSeconds,
      attemptsPerSecond,
    ]),
  );
}
