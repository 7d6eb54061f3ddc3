import type { ExperimentResult } from "../experiment/experiment-result.ts";
import { type ReportModel, reportModel, type WorkloadReport } from "./report-model.ts";

/**
 * Every number of the report, every digit of it, with units and definitions, as plain data. What differs from run to run, measured times
 * and the machine, stands under `provenance`.
 */
export function summaryJson(result: ExperimentResult): object {
  return summaryOf(reportModel(result));
}

/** The content of `summary.json`: the columns of numbers on one line each, so that people can read the rest. */
export function summaryText(model: ReportModel): string {
  // A line break cannot stand within a JSON string, so no text is touched.
  const columns = /\[\n[\d\s.,eE+\-nul]*\]/g;
  const text = JSON.stringify(summaryOf(model), null, 1);
  return `${text.replace(columns, (column) => column.replace(/\s+/g, ""))}\n`;
}

function summaryOf(model: ReportModel): object {
  const { baseline, policies, seeds, warnings, workloads, definitions, speed, speedLevels, provenance } =
    model;
  const { limits, digest, inputs } = provenance;
  return {
    format: "stowage-summary/1",
    baseline,
    policies,
    seeds,
    warnings,
    workloads: workloads.map(workloadSummary),
    measures: definitions,
    limits,
    inputs,
    digest,
    provenance: { ...provenance, speed, speedLevels },
  };
}

function workloadSummary(report: WorkloadReport) {
  const { facts, headline, summaries, primary, explored, levels, series, pending, heat, ties, trials } =
    report;
  return {
    ...facts,
    headline,
    summaries,
    comparisons: [...primary, ...explored].map(({ measure, ...line }) => ({
      measure: measure.name,
      unit: measure.unit,
      better: measure.better,
      ...line,
    })),
    levels: levels.flatMap(({ measure, of }) =>
      of.map((level) => ({ ...level, measure: measure.name, unit: measure.unit })),
    ),
    series,
    pending,
    nodesAtEnd: heat,
    ...(ties !== undefined && { tieSensitivity: ties }),
    trials,
  };
}
