import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { unknown } from "../base/nearest.ts";
import { loadExperiments } from "../experiment/saved-experiment.ts";
import { checkWritable } from "../report/output-file.ts";
import { summaryJson } from "../report/summary-json.ts";
import { renderTerminal } from "../report/terminal.ts";
import { REPORT_FORMATS, type ReportFormat, writeReport } from "../report/write-report.ts";
import { parseList } from "./options.ts";
import { type CommonOptions, printJson, say, useColor, withCommonOptions } from "./output.ts";

interface ReportCommandOptions extends CommonOptions {
  readonly out?: string;
  readonly format?: readonly ReportFormat[];
}

export function reportCommand(): Command {
  const command = new Command("report")
    .summary("rebuild a report from saved traces, or merge the parts of one experiment")
    .description(
      "Makes a report from the traces that compare --traces or --shard kept, without running anything.",
    )
    .argument("<dir...>", "folders written by compare --traces or compare --shard")
    .option("--format <a,b>", `which files: ${REPORT_FORMATS.join(", ")}`, parseFormats)
    .option("--out <dir>", "where the report goes (default: the first folder)")
    .addHelpText(
      "after",
      `
Examples:
  stowage report reports/openb --format html
  stowage report reports/part-1 reports/part-2 --out reports/whole`,
    );
  return withCommonOptions(command).action(async (directories: string[], options: ReportCommandOptions) => {
    const result = await loadExperiments(directories);
    const out = options.out ?? directories[0];
    await checkWritable(out);
    const files = await writeReport(result, out, options.format && { formats: options.format });
    if (options.json) printJson(summaryJson(result));
    else process.stdout.write(renderTerminal(result, { color: useColor(options) }));
    if (!options.quiet) say(options, `\nThe report: ${files.map((file) => join(file)).join(", ")}`);
  });
}

function parseFormats(text: string): ReportFormat[] {
  return parseList(text).map((name) => {
    const format = REPORT_FORMATS.find((known) => known === name);
    if (format === undefined) throw new InvalidArgumentError(unknown("format", name, REPORT_FORMATS));
    return format;
  });
}
