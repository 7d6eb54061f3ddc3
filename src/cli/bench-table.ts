import Table from "cli-table3";
import type { BenchResult } from "../experiment/bench.ts";
import type { BenchCaseResult, BenchFigure } from "../experiment/bench-case.ts";
import { type BenchComparison, MINIMUM_EFFECT } from "../experiment/bench-compare.ts";
import { count, figure, NONE, range } from "../report/numbers.ts";

/** The result of `bench` for people: a table, and what must be known to read it. */
export function renderBench(
  result: BenchResult,
  comparisons: readonly BenchComparison[],
  { color }: { readonly color: boolean },
): string {
  const partial = result.cases.some(({ notHonoured }) => notHonoured.length > 0);
  const parts = [
    caseTable(result.cases, color),
    ...(comparisons.length === 0 ? [] : [comparisonTable(comparisons, color)]),
    [
      "Decision code only; this is not cluster throughput.",
      ...(partial ? ["* kube-scheduler would have more to decide here: what is left out stands below."] : []),
      ...conditions(result),
    ].join("\n"),
    remarks(result),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function caseTable(cases: readonly BenchCaseResult[], color: boolean): string {
  const table = tableWith(
    ["case", "nodes", "measured", "scheduled", "pods/s", "95 % interval", "least to most", "µs/pod"],
    [1, 2, 3, 4, 5, 6, 7],
    color,
  );
  for (const row of cases) {
    table.push([
      row.notHonoured.length === 0 ? row.case : `${row.case} *`,
      figure(row.nodes),
      figure(row.measuredPods),
      figure(row.scheduled),
      median(row.podsPerSecond),
      row.podsPerSecond?.ci ? range(...row.podsPerSecond.ci) : NONE,
      row.podsPerSecond === null ? NONE : range(row.podsPerSecond.min, row.podsPerSecond.max),
      median(row.usPerPod),
    ]);
  }
  return cases.length === 0 ? "" : table.toString();
}

function median(value: BenchFigure | null): string {
  return value === null ? NONE : figure(value.median);
}

function comparisonTable(comparisons: readonly BenchComparison[], color: boolean): string {
  const table = tableWith(["case", "speed now / before", "95 % interval", "verdict"], [1, 2], color);
  for (const { case: name, ratio, ci, verdict } of comparisons) {
    table.push([
      name,
      ratio === null ? NONE : ratio.toFixed(3),
      ci === null ? NONE : `${ci[0].toFixed(3)} to ${ci[1].toFixed(3)}`,
      verdict,
    ]);
  }
  const least = `Differences below ${MINIMUM_EFFECT * 100} % are not shown. The two runs were not side by side: what the machine did in between is in no interval.`;
  const notes = comparisons.flatMap(({ case: name, notes: said }) => said.map((note) => `${name}: ${note}`));
  return [table.toString(), least, ...notes].join("\n");
}

function conditions({ machine, stowage, node, finishedAt, cases, clockOverheadNs }: BenchResult): string[] {
  const { repeats, tieBreak, algorithm } = cases[0] ?? { repeats: 0, tieBreak: NONE, algorithm: NONE };
  return [
    `${machine.cpu}, ${count(machine.cores, "core")}, ${machine.memoryGiB} GiB, ${machine.platform}; Node ${node}; stowage ${stowage}; ${finishedAt}.`,
    `${policies(cases)}, ties by rule ${tieBreak}, algorithm ${algorithm}; ${count(repeats, "repeat")} after one to warm up; ${clockOverheadNs} ns for reading the clock taken off each of an attempt's two brackets.`,
    ...(repeats < 6 && cases.length > 0 ? ["Fewer than 6 repeats: no 95 % interval."] : []),
  ];
}

/** The policy of all cases; where cases bring a configuration of their own, which of them do. */
function policies(cases: readonly BenchCaseResult[]): string {
  const [first = NONE, ...others] = new Set(cases.map(({ policy }) => policy));
  const own = others.map((policy) => {
    const names = cases.filter((row) => row.policy === policy).map(({ case: name }) => name);
    return `${policy} (${names.join(", ")})`;
  });
  return own.length === 0 ? `Policy ${first}` : `Policy ${first}, but ${own.join(" and ")}`;
}

/** What was left out, and what was assumed; a remark that many cases share is said once. */
function remarks({ cases, failed, unsupported }: BenchResult): string {
  const shared = new Map<string, string[]>();
  const say = (remark: string, name: string) => shared.set(remark, [...(shared.get(remark) ?? []), name]);
  for (const { case: name, notes, notHonoured } of cases) {
    for (const note of [...notHonoured, ...notes]) say(note, name);
  }
  for (const { case: name, reason } of unsupported) say(`Not supported yet: ${reason}.`, name);
  for (const { case: name, cause } of failed) say(`Failed (${cause}).`, name);
  return [...shared].map(([remark, names]) => `${remark}\n  ${names.join(", ")}`).join("\n");
}

function tableWith(
  head: readonly string[],
  right: readonly number[],
  color: boolean,
): InstanceType<typeof Table> {
  return new Table({
    head: [...head],
    colAligns: head.map((_, column) => (right.includes(column) ? "right" : "left")),
    style: color
      ? { head: ["bold"], border: ["grey"], compact: true }
      : { head: [], border: [], compact: true },
  });
}
