/** Measures all subjects: `npm run bench -- --size full`. Digests are equal from run to run, times are not. */
import { parseArgs } from "node:util";
import type { Measured } from "./measure.ts";
import { runAll } from "./run-all.ts";
import type { Size } from "./size.ts";

const { values } = parseArgs({ options: { size: { type: "string", default: "small" } } });
const size = sizeOf(values.size);
if (size === undefined) {
  process.stderr.write(`invalid size: ${values.size}; write small or full\n`);
  process.exitCode = 2;
} else {
  print(["subject", "ns per unit", "middle half", "unit", "samples", "digest"]);
  await runAll(size, (measured) => print(cells(measured)));
}

function sizeOf(text: string): Size | undefined {
  return text === "small" || text === "full" ? text : undefined;
}

function cells({ name, unit, nsPerUnit, samples, digest }: Measured): string[] {
  const { median, low, high } = nsPerUnit;
  return [name, rounded(median), `${rounded(low)} to ${rounded(high)}`, unit, String(samples), digest];
}

function rounded(ns: number): string {
  return ns >= 100 ? ns.toFixed(0) : ns.toPrecision(3);
}

function print(row: readonly string[]): void {
  const widths = [52, 12, 18, 9, 8, 16];
  const line = row.map((cell, i) =>
    i === 0 || i === 3 || i === 5 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]),
  );
  process.stdout.write(`${line.join("  ").trimEnd()}\n`);
}
