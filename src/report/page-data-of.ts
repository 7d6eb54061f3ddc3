import type { Measure } from "../metrics/measure.ts";
import { type ComparisonLine, verdictText } from "./comparison-line.ts";
import { differenceUnit, unitSuffix } from "./numbers.ts";
import type { PageData, PagePolicy, PageWorkload, Panel, PanelRow } from "./page-data.ts";
import type { ReportModel, WorkloadReport } from "./report-model.ts";

export function pageData(model: ReportModel): PageData {
  const policies = policyStyles(model);
  const place = new Map(policies.map(({ name }, i) => [name, i]));
  const placeOf = (policy: string) => place.get(policy) ?? 0;
  return { policies, workloads: model.workloads.map((workload) => pageWorkload(workload, placeOf)) };
}

/** A policy's colour and marker, the same in every table and chart: 0 for the baseline, the others in their order. */
export function policyStyles({ policies, baseline }: ReportModel): PagePolicy[] {
  let next = 1;
  return policies.map(({ name }) => ({ name, style: name === baseline ? 0 : next++ }));
}

/** The series that shows the first primary measure's course, for the cover: against what was asked for, if there is such a one. */
export function coverSeries({ facts, series }: WorkloadReport): string | undefined {
  const names = series.map(({ name }) => name);
  const stems = facts.primaryMeasures.map((name) => name.replace(/(At\d+|AtEnd)$/, ""));
  const wanted = [
    ...stems.map((stem) => `${stem}ByAsk`),
    ...stems.map((stem) => `${stem}OverTime`),
    "gpuAllocationByAsk",
    "cpuAllocationByAsk",
  ];
  return wanted.find((name) => names.includes(name)) ?? names[0];
}

function pageWorkload(report: WorkloadReport, placeOf: (policy: string) => number): PageWorkload {
  const { primary, levels, series, heat, facts } = report;
  const forest = [...new Set(primary.map(({ measure }) => measure))].map((measure) =>
    forestPanel(
      measure,
      primary.filter((line) => line.measure === measure),
      placeOf,
    ),
  );
  const waiting = levels
    .filter(
      ({ measure, of }) => measure.name.startsWith("waitingTime") && of.some(({ max }) => (max ?? 0) > 0),
    )
    .map(
      ({ measure, of }): Panel => ({
        title: measure.title,
        unit: unitSuffix(measure.unit),
        axis: "s, lower is better",
        rows: of.flatMap((level): PanelRow[] => {
          if (level.mean === null) return [];
          const { mean: mid, min: low, max: high } = level;
          const atLeast = level.censored > 0;
          return [{ policy: placeOf(level.policy), low, mid, high, atLeast, remark: "" }];
        }),
      }),
    );
  return {
    forest: forest.filter(({ rows }) => rows.length > 0),
    waiting,
    series: series.map(({ bands, ...rest }) => ({
      ...rest,
      lines: bands.map((band) => ({ ...band, policy: placeOf(band.policy) })),
    })),
    heat: heat.map((map) => ({ ...map, policy: placeOf(map.policy) })),
    nodeNames: facts.nodeNames,
  };
}

function forestPanel(
  measure: Measure,
  lines: readonly ComparisonLine[],
  placeOf: (policy: string) => number,
): Panel {
  const unit = differenceUnit(measure.unit);
  const better = measure.better === "none" ? "" : `, ${measure.better} is better`;
  return {
    title: measure.title,
    unit,
    axis: `${unit === "" ? "difference" : unit}${better}`,
    rows: lines.flatMap((line): PanelRow[] => {
      if (line.medianDifference === null) return [];
      const { low, high, medianDifference: mid } = line;
      return [{ policy: placeOf(line.policy), low, mid, high, atLeast: false, remark: verdictText(line) }];
    }),
  };
}
