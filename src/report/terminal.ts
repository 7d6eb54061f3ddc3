import { styleText } from "node:util";
import Table from "cli-table3";
import type { ExperimentResult } from "../experiment/experiment-result.ts";
import { type ComparisonLine, differenceText, pText, verdictText } from "./comparison-line.ts";
import { levelCell, measureFigure } from "./level.ts";
import { differenceUnit, NONE } from "./numbers.ts";
import { type ReportModel, reportModel, type WorkloadReport } from "./report-model.ts";
import { validity } from "./validity.ts";

export interface TerminalOptions {
  /** Whether the output takes colours; NO_COLOR overrides it. */
  readonly color: boolean;
}

const WIDTH = 100;

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/**
 * What `compare` prints: for each workload the verdict, the primary table, what it is valid for, and failed trials with the commands that
 * replay them; at the end the digest. At most 100 columns, but for commands, which stay whole so that they can be copied.
 */
export function renderTerminal(result: ExperimentResult, { color }: TerminalOptions): string {
  const colored = color && (process.env["NO_COLOR"] ?? "") === "";
  const paint: Paint = (style, text) => (colored ? styleText(style, text, { validateStream: false }) : text);
  const model = reportModel(result);
  const { warnings, workloads, provenance } = model;
  const parts = [
    ...warnings.map((warning) => wrapped(warning).map((line) => paint("yellow", line))),
    ...workloads.map((workload) => section(model, workload, paint)),
    [
      `digest ${provenance.digest}  stowage ${provenance.stowage}  kube-scheduler ${provenance.kubeScheduler}`,
    ],
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function section(model: ReportModel, workload: WorkloadReport, paint: Paint): string[] {
  const { facts, headline, findings, trials, primary } = workload;
  const as = facts.as === "" ? "" : ` (${facts.as})`;
  const lines = [
    paint("dim", printable(`${facts.name}${as}`)),
    ...wrapped(headline).map((line) => paint("bold", line)),
    ...(primary.length > 0 ? ["", table(workload, paint)] : []),
  ];
  const notes = primary.flatMap(({ policy, measure, notes: of }) =>
    of.map((note) => `${policy}, ${measure.title}: ${note}`),
  );
  for (const note of [...notes, ...findings]) lines.push(...wrapped(note, "* ", "  "));
  lines.push("");
  for (const { heading, text } of validity(model, workload)) {
    if (heading !== "Versions")
      lines.push(...wrapped(`${heading}: ${text}`, "", "  ").map((line) => paint("dim", line)));
  }
  for (const { policy, seed, status, message, replay } of trials) {
    if (status !== "failed") continue;
    lines.push(
      "",
      ...wrapped(`Failed: ${policy}, seed ${seed}: ${message}`).map((line) => paint("red", line)),
    );
    lines.push(`  ${printable(replay ?? "")}`);
  }
  return lines;
}

function table({ primary, levels }: WorkloadReport, paint: Paint): string {
  const measures = [...new Set(primary.map(({ measure }) => measure))];
  const grid = new Table({
    head: ["policy", "mean", "difference (95 %)", "p", "verdict"],
    colWidths: [27, 16, 26, 10, 21],
    colAligns: ["left", "right", "right", "right", "left"],
    wordWrap: true,
    wrapOnWordBoundary: false,
    chars: noRules,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 1 },
  });
  for (const measure of measures) {
    const lines = primary.filter((line) => line.measure === measure);
    const { baseline } = lines[0];
    const of = levels.find((candidate) => candidate.measure === measure)?.of;
    const level = of?.find(({ policy }) => policy === baseline);
    const facts = [
      differenceUnit(measure.unit),
      measure.better === "none" ? "" : `${measure.better} is better`,
    ];
    const said = facts.filter((fact) => fact !== "").join(", ");
    grid.push([""]);
    grid.push([{ content: `${paint("bold", measure.title)} (${said})`, colSpan: 5 }]);
    grid.push([`${printable(baseline)} (baseline)`, level === undefined ? NONE : levelCell(level)]);
    for (const line of lines) grid.push(cells(line, paint));
  }
  return trimmed(grid.toString());
}

/** Space instead of lines: the eye follows the columns. */
const noRules = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid", "middle"].flatMap((side) =>
    ["", "-left", "-right", "-mid"].map((part) => [`${side}${part}`, ""]),
  ),
);

function trimmed(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function cells(line: ComparisonLine, paint: Paint): string[] {
  const mean = line.policyMean === null ? NONE : measureFigure(line.policyMean, line.measure);
  return [printable(line.policy), mean, differenceText(line), pText(line), verdict(line, paint)];
}

function verdict(line: ComparisonLine, paint: Paint): string {
  const text = verdictText(line);
  if (text === "better") return paint("green", text);
  return text === "worse" ? paint("red", text) : text;
}

/** Lines of at most `WIDTH` columns, broken at spaces. */
function wrapped(text: string, first = "", next = first): string[] {
  const lines: string[] = [];
  let line = first;
  for (const word of printable(text).split(" ")) {
    const longer = line === first || line === next ? line + word : `${line} ${word}`;
    if (longer.length > WIDTH && line !== next) {
      lines.push(line);
      line = next + word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/** Names come from files: a control character among them must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}
