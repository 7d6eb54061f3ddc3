/**
 * A large cluster, in a process for each case, so that each has its own peak of memory. Sizes may be
 * made smaller by options; the bars are for the sizes by default.
 */
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { UserError } from "../../src/base/errors.ts";
import { machine } from "../../src/experiment/provenance.ts";
import { type LargeResult, type LargeSize, placeMany, simulateMany } from "./large-cases.ts";

interface Case {
  readonly name: string;
  readonly what: string;
  readonly size: LargeSize;
  readonly run: (size: LargeSize) => LargeResult | Promise<LargeResult>;
  readonly bars: { readonly seconds?: number; readonly peakRssGiB: number };
}

const cases: readonly Case[] = [
  {
    name: "place",
    what: "decided and assumed",
    size: { nodes: 100_000, pods: 3_000_000, kinds: 50 },
    run: placeMany,
    bars: { seconds: 12, peakRssGiB: 4 },
  },
  {
    name: "simulate",
    what: "simulated, with the trace",
    size: { nodes: 100_000, pods: 1_000_000, kinds: 50 },
    run: simulateMany,
    bars: { peakRssGiB: 2 },
  },
];

const { values } = parseArgs({
  options: {
    /** One case in this process, printed as JSON; without it each in a process of its own. */
    case: { type: "string" },
    nodes: { type: "string" },
    pods: { type: "string" },
    kinds: { type: "string" },
    out: { type: "string", default: "reports/scaling" },
  },
});

try {
  if (values.case === undefined) await runAll();
  else await runOne(values.case);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function runOne(name: string): Promise<void> {
  const one = cases.find((other) => other.name === name);
  if (one === undefined) {
    throw new UserError([{ where: "--case", what: `unknown case: ${name}; write place or simulate` }]);
  }
  process.stdout.write(`${JSON.stringify(await one.run(sized(one.size)))}\n`);
}

async function runAll(): Promise<void> {
  const results: Record<string, LargeResult & { readonly bars: Case["bars"] }> = {};
  for (const one of cases) {
    const result = await inOwnProcess(one);
    results[one.name] = { ...result, bars: one.bars };
    process.stdout.write(`${lineOf(one, result)}\n`);
  }
  await mkdir(values.out, { recursive: true });
  const report = {
    machine: machine(),
    node: process.version,
    finishedAt: new Date().toISOString(),
    ...results,
  };
  await writeFile(join(values.out, "large-cluster.json"), `${JSON.stringify(report, undefined, 2)}\n`);
}

function sized(size: LargeSize): LargeSize {
  const sizeBy = (option: keyof LargeSize): number => {
    const count = Number(values[option] ?? size[option]);
    if (Number.isInteger(count) && count > 0) return count;
    throw new UserError([
      { where: `--${option}`, what: `invalid number: ${values[option]}; write a whole number from 1` },
    ]);
  };
  return { nodes: sizeBy("nodes"), pods: sizeBy("pods"), kinds: sizeBy("kinds") };
}

async function inOwnProcess({ name, size }: Case): Promise<LargeResult> {
  const { nodes, pods, kinds } = sized(size);
  const flags = [`--case=${name}`, `--nodes=${nodes}`, `--pods=${pods}`, `--kinds=${kinds}`];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...process.execArgv,
    fileURLToPath(import.meta.url),
    ...flags,
  ]);
  return JSON.parse(stdout) as LargeResult;
}

function lineOf({ what, bars }: Case, result: LargeResult): string {
  const { nodes, pods, kinds, placed, seconds, peakRssGiB, events, traceMiB, digest } = result;
  const limit = bars.seconds === undefined ? "" : ` (bar ${bars.seconds})`;
  const parts = [
    `${whole(nodes)} nodes, ${whole(pods)} pods of ${kinds} kinds ${what}: ${whole(placed)} placed`,
    `${seconds.measured.toFixed(1)} s${limit}`,
    `peak RSS ${peakRssGiB.toFixed(2)} GiB (bar ${bars.peakRssGiB})`,
  ];
  if (events !== undefined) parts.push(`${whole(events / seconds.measured)} events a second`);
  if (traceMiB !== undefined) parts.push(`trace ${traceMiB.toFixed(1)} MiB`);
  return `${parts.join(", ")}, digest ${digest}`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
