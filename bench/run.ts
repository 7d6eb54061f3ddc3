/** Measures all subjects: `npm run bench -- --size full`. Digests are equal from run to run, times are not. */
import { parseArgs } from "node:util";
import { UserError } from "../src/base/errors.ts";
import { type Compared, comparisons, runComparison } from "./comparisons.ts";
import type { Measured } from "./measure.ts";
import { runAll } from "./run-all.ts";
import { sizeOf } from "./size.ts";

const { values } = parseArgs({ options: { size: { type: "string", default: "small" } } });
try {
  const size = sizeOf(values.size);
  print(["subject", "ns per unit", "middle half", "unit", "a second", "samples", "digest"]);
  await runAll(size, (measured) => {
    print(cells(measured));
    if (size === "full" && measured.bar !== undefined) print([barLine(measured.perSecond, measured.bar)]);
  });
  print([]);
  print(["in paired rounds", "times faster", "95 %", "verdict", "", "rounds", "digest"]);
  for (const comparison of comparisons) print(comparedCells(runComparison(comparison, size)));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

function cells({ name, unit, nsPerUnit, perSecond, samples, digest }: Measured): string[] {
  const { median, low, high } = nsPerUnit;
  const half = `${rounded(low)} to ${rounded(high)}`;
  return [name, rounded(median), half, unit, whole(perSecond), String(samples), digest];
}

function barLine(perSecond: number, bar: number): string {
  return `  ${perSecond >= bar ? "at least" : "less than"} ${whole(bar)} a second, which is its bar`;
}

function comparedCells({ name, ratio, interval, verdict, rounds, digest }: Compared): string[] {
  const range = interval === undefined ? "" : `${rounded(interval.low)} to ${rounded(interval.high)}`;
  return [name, rounded(ratio), range, verdict, "", String(rounds), digest];
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function print(row: readonly string[]): void {
  const widths = [52, 12, 18, 19, 13, 8, 16];
  const line = row.map((cell, i) =>
    i === 0 || i === 3 || i === 6 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]),
  );
  process.stdout.write(`${line.join("  ").trimEnd()}\n`);
}
