import { styleText } from "node:util";
import Table from "cli-table3";
import type { RunResult } from "../experiment/run.ts";
import { measures } from "../metrics/measures.ts";

/** What one run came to, for a terminal: pods, measures, why pods are pending, what was checked. */
export function renderRun(result: RunResult, { color }: { readonly color: boolean }): string {
  const strong = (text: string) => (color ? styleText("bold", text) : text);
  const { pods } = result;
  const counts = Object.entries(pods)
    .map(([name, count]) => `${count.toLocaleString("en-US")} ${name}`)
    .join(", ");
  const lines = [
    strong(`${result.policy} on ${result.workload}, seed ${result.seed}`),
    `Pods: ${counts}; ${result.simulatedSeconds.toLocaleString("en-US", { maximumFractionDigits: 1 })} simulated seconds, ${result.events.toLocaleString("en-US")} events.`,
    measureTable(result),
    ...pendingLines(result.pendingByReason),
    ...invariantLines(result.invariants),
    `Trace digest ${result.digest}`,
  ];
  return `${lines.join("\n")}\n`;
}

function measureTable(result: RunResult): string {
  const table = new Table({
    head: ["measure", "value", "unit"],
    style: { head: [], border: [] },
    colAligns: ["left", "right", "left"],
  });
  for (const { name } of measures) {
    const measure = result.measures[name];
    if (measure === undefined || measure.value === null) continue;
    const value = measure.value.toLocaleString("en-US", { maximumSignificantDigits: 5 });
    table.push([name, measure.atLeast ? `at least ${value}` : value, measure.unit]);
  }
  return table.toString();
}

function pendingLines(pendingByReason: RunResult["pendingByReason"]): string[] {
  const sorted = Object.entries(pendingByReason).sort(([, a], [, b]) => b - a);
  if (sorted.length === 0) return [];
  return [
    "Pending at the end:",
    ...sorted.map(([reason, count]) => `  ${count.toLocaleString("en-US")}  ${reason}`),
  ];
}

function invariantLines(verdicts: RunResult["invariants"]): string[] {
  const violated = Object.entries(verdicts).flatMap(([name, verdict]) =>
    verdict === "held" ? [] : [`VIOLATED ${name}: ${verdict.violated}\n  ${verdict.replay}`],
  );
  return violated.length > 0 ? violated : [`Invariants held: ${Object.keys(verdicts).join(", ")}.`];
}
