import Table from "cli-table3";
import { stringify } from "csv-stringify/sync";
import { type ComparedCase, describe } from "./compare-case.ts";
import type { Rung } from "./ladder.ts";
import { podsPerSecond } from "./work-done.ts";

export const HEADLINE = "Decision code only; it binds nothing; this is not cluster throughput.";

const HEAD = [
  "case",
  "attempts",
  "kube-scheduler pods/s",
  "at its best",
  "ours pods/s",
  "ratio (least to greatest)",
  "bar",
  "placements",
];

/** The tables as they are seen in a terminal. */
export function screenTables(cases: readonly ComparedCase[], rungs: readonly Rung[]): string {
  const table = new Table({ head: HEAD, style: { head: [], border: [] } });
  for (const one of cases) table.push(cellsOf(one));
  const steps = new Table({
    head: ["SchedulingBasic, 5,000 nodes", "pods/s"],
    style: { head: [], border: [] },
  });
  for (const rung of rungs) steps.push([rung.what, rateOf(rung)]);
  return `${table.toString()}\n${steps.toString()}\n`;
}

/** The same in Markdown; `conditions` is a line each. */
export function markdownTables(
  cases: readonly ComparedCase[],
  rungs: readonly Rung[],
  conditions: readonly string[],
): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rule = (cells: readonly string[]): string => row(cells.map(() => "---"));
  const shortened = cases.flatMap(({ name, shortened }) =>
    shortened.length === 0 ? [] : [`- ${name}: ${shortened.join("; ")}`],
  );
  return [
    `**${HEADLINE}**`,
    "",
    ...conditions.map((line) => `- ${line}`),
    "",
    row(HEAD),
    rule(HEAD),
    ...cases.map((one) => row(cellsOf(one))),
    ...(shortened.length === 0
      ? []
      : ["", "Shortened for the time there was, on both sides alike:", "", ...shortened]),
    "",
    row(["SchedulingBasic, 5,000 nodes", "pods/s"]),
    rule(["", ""]),
    ...rungs.map((rung) => row([rung.what, rateOf(rung)])),
    "",
  ].join("\n");
}

/** Every sample, a line each. */
export function csvOfSamples(cases: readonly ComparedCase[]): string {
  const header = [
    "case",
    "side",
    "purpose",
    "round",
    "repeat",
    "parallelism",
    "gogc",
    "attempts",
    "scheduled",
    "unschedulable",
    "preempted",
    "seconds",
    "pods_per_second",
  ];
  const rows = cases.flatMap(({ name, samples }) =>
    samples.map(({ side, purpose, round, repeat, tuning, work }) => [
      name,
      side,
      purpose,
      round,
      repeat,
      tuning?.parallelism ?? "",
      tuning?.gogc ?? "",
      work.attempts,
      work.scheduled,
      work.unschedulable,
      work.preempted,
      work.seconds,
      podsPerSecond(work),
    ]),
  );
  return stringify([header, ...rows]);
}

function cellsOf({
  name,
  attempts,
  theirsPerSecond,
  tuning,
  oursPerSecond,
  ratio,
  bar,
  placements,
}: ComparedCase): string[] {
  return [
    name,
    whole(attempts),
    theirsPerSecond === undefined ? "not run" : whole(theirsPerSecond),
    tuning === undefined ? "" : describe(tuning),
    whole(oursPerSecond),
    ratio === undefined ? "" : `${whole(ratio.median)} (${whole(ratio.min)} to ${whole(ratio.max)})`,
    bar === undefined ? "" : whole(bar),
    placements ?? "",
  ];
}

function rateOf({ perSecond }: Rung): string {
  if (perSecond === undefined) return "not measured";
  const [low, high] = perSecond;
  return low === high ? whole(low) : `${whole(low)} to ${whole(high)}`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
