import { differenceWithUnit, pText, verdictText } from "./comparison-line.ts";
import { NONE, withUnit } from "./numbers.ts";
import type { ReportModel, WorkloadReport } from "./report-model.ts";
import { validity } from "./validity.ts";

/** The verdicts, short, for a pull-request comment. Equal from run to run. */
export function reportMarkdown(model: ReportModel): string {
  const { warnings, workloads, provenance } = model;
  const parts = [
    ...warnings.map((warning) => `> **Note:** ${text(warning)}`),
    ...workloads.map((workload) => section(model, workload)),
    `<sub>stowage ${text(provenance.stowage)}, kube-scheduler ${text(provenance.kubeScheduler)}, digest ${code(provenance.digest)}</sub>`,
  ];
  return `${parts.join("\n\n")}\n`;
}

function section(model: ReportModel, workload: WorkloadReport): string {
  const { facts, headline, findings, primary, trials } = workload;
  const as = facts.as === "" ? "" : ` (${facts.as})`;
  const failed = trials.filter(({ status }) => status === "failed");
  const parts = [`### ${text(facts.name)}${text(as)}`, `**${text(headline)}**`];
  if (primary.length > 0) parts.push(table(workload));
  for (const line of primary) {
    for (const note of line.notes) parts.push(`- ${text(`${line.policy}, ${line.measure.title}: ${note}`)}`);
  }
  parts.push(...findings.map(text));
  for (const { policy, seed, message, replay } of failed) {
    parts.push(`- Failed: ${text(`${policy}, seed ${seed}: ${message}`)} Replay: ${code(replay ?? "")}`);
  }
  const conditions = validity(model, workload).filter(({ heading }) => heading !== "Versions");
  const said = conditions.map(({ heading, text: words }) => `- ${text(heading)}: ${text(words)}`);
  parts.push(
    ["<details><summary>What this is valid for</summary>", "", ...said, "", "</details>"].join("\n"),
  );
  return parts.join("\n\n");
}

function table({ primary }: WorkloadReport): string {
  const baseline = primary[0].baseline;
  const rows = primary.map((line) => [
    text(line.measure.title),
    text(line.policy),
    line.baselineMean === null ? NONE : withUnit(line.baselineMean, line.measure.unit),
    line.policyMean === null ? NONE : withUnit(line.policyMean, line.measure.unit),
    differenceWithUnit(line),
    text(pText(line)),
    verdictText(line),
  ]);
  const header = [
    "measure",
    "policy",
    `${text(baseline)} (mean)`,
    "policy (mean)",
    "difference (95 %)",
    "p",
    "verdict",
  ];
  const rule = header.map((_, i) => (i >= 2 && i <= 5 ? "---:" : "---"));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Text in which nothing is Markdown or HTML. */
function text(words: string): string {
  return words
    .replace(/[\r\n]+/g, " ")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/[\\`*_[\]|~#@]/g, (sign) => (sign === "@" ? "&#64;" : `\\${sign}`));
}

/** A command or digest to be copied: the fence is longer than any run of backquotes within. */
function code(words: string): string {
  const line = words.replace(/[\r\n]+/g, " ");
  const longest = Math.max(0, ...Array.from(line.matchAll(/`+/g), ([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? fence + line + fence : `${fence} ${line} ${fence}`;
}
