import { UserError } from "../base/errors.ts";
import type { ExperimentResult } from "../experiment/experiment-result.ts";
import { comparisonsCsv, seriesCsv, speedCsv, trialsCsv } from "./csv-tables.ts";
import { reportMarkdown } from "./markdown.ts";

import { writeWhole } from "./output-file.ts";
import { reportHtml } from "./report-html.ts";
import { reportModel } from "./report-model.ts";
import { summaryText } from "./summary-json.ts";

/** What a report can be written as; each stands for one or more files. */
export const REPORT_FORMATS = ["html", "csv", "json", "md"] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportOptions {
  /** All of them unless told. */
  readonly formats?: readonly ReportFormat[];
}

interface ReportFile {
  readonly name: string;
  readonly format: ReportFormat;
  readonly text: () => Iterable<string>;
}

/**
 * Writes a report into a folder, which is made if need be, and returns the paths of its files. Each is written whole or not at all.
 * Equal results give equal bytes, but for `speed.csv`, what `summary.json` says under `provenance`, and the page that shows it.
 *
 * Throws a UserError when the folder cannot be written, and says which files were finished: they stay.
 */
export async function writeReport(
  result: ExperimentResult,
  directory: string,
  { formats = REPORT_FORMATS }: ReportOptions = {},
): Promise<string[]> {
  const model = reportModel(result);
  // What is hardest to do without comes first, in case the disk fills up.
  const files: readonly ReportFile[] = [
    { name: "summary.json", format: "json", text: () => [summaryText(model)] },
    { name: "comparisons.csv", format: "csv", text: () => comparisonsCsv(model) },
    { name: "trials.csv", format: "csv", text: () => trialsCsv(model) },
    { name: "report.md", format: "md", text: () => [reportMarkdown(model)] },
    { name: "index.html", format: "html", text: () => [reportHtml(model)] },
    { name: "series.csv", format: "csv", text: () => seriesCsv(result) },
    { name: "speed.csv", format: "csv", text: () => speedCsv(model) },
  ];
  const written: string[] = [];
  for (const { name, format, text } of files) {
    if (!formats.includes(format)) continue;
    try {
      written.push(await writeWhole(directory, name, text()));
    } catch (cause) {
      if (!(cause instanceof UserError) || written.length === 0) throw cause;
      throw new UserError([
        ...cause.problems,
        { where: directory, what: `finished before that, and readable: ${written.join(", ")}` },
      ]);
    }
  }
  return written;
}
