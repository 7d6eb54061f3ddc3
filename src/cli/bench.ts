import { basename, dirname } from "node:path";
import { Command } from "commander";
import { type BenchOptions, type BenchResult, bench } from "../experiment/bench.ts";
import { type BenchComparison, compareWithBaseline, parseBaseline } from "../experiment/bench-compare.ts";
import { dataItems } from "../experiment/bench-data-items.ts";
import { csv } from "../report/csv.ts";
import { checkWritable, writeWhole } from "../report/output-file.ts";
import { readText } from "../workload/input-text.ts";
import { renderBench } from "./bench-table.ts";
import { ExitCode, interruption } from "./exit.ts";
import { wholeNumber } from "./options.ts";
import { type CommonOptions, printJson, say, useColor, withCommonOptions } from "./output.ts";
import {
  type AlgorithmOption,
  onePolicy,
  type PolicyOptions,
  SCHEDULER,
  withAlgorithmOption,
  withPolicyOptions,
} from "./policy-options.ts";
import { progress } from "./progress.ts";

interface BenchCommandOptions extends CommonOptions, PolicyOptions, AlgorithmOption {
  readonly select?: string;
  readonly label?: string;
  readonly repeats: number;
  readonly policy?: string;
  readonly compareWith?: string;
  readonly dataItems?: string;
  readonly placements?: string;
}

export function benchCommand(): Command {
  const command = new Command("bench")
    .summary("how many pods a second the scheduler itself places, in measured time")
    .description(
      "Measures the scheduler's own work on workloads: decisions in measured time, everything else on the simulated clock.",
    )
    .argument(
      "[file...]",
      "scheduler_perf files, a folder of them, or any other workload (default: workloads/basic-5k-10k.yaml)",
    )
    .option("--select <CASE/WORKLOAD>", "which cases of a scheduler_perf file; * matches anything")
    .option("--label <a,-b>", "only cases of a scheduler_perf file with these labels, such as performance")
    .option("--repeats <N>", "repeats that count, after one to warm up", wholeNumber(1, 1000), 10)
    .option(
      "--policy <name>",
      "a policy (stowage list policies), a configuration (file.yaml, file.yaml#profile) or a module (default: that of a scheduler_perf case, or default)",
    )
    .option("--compare-with <file>", "a result that --json printed; cases are compared by name")
    .option("--data-items <file>", "writes scheduler_perf's DataItems there, for perf-dash")
    .option("--placements <file>", "writes where each measured pod went (several cases: a folder)")
    .addHelpText(
      "after",
      `
Examples:
  stowage bench performance-config.yaml --select 'SchedulingBasic/*5000*' --json > before.json
  stowage bench performance-config.yaml --select 'SchedulingBasic/*5000*' --compare-with before.json`,
    );
  withPolicyOptions(command, SCHEDULER);
  withAlgorithmOption(command);
  return withCommonOptions(command).action(async (inputs: string[], options: BenchCommandOptions) => {
    process.exitCode = await runBench(inputs, options);
  });
}

async function runBench(inputs: readonly string[], options: BenchCommandOptions): Promise<number> {
  const { compareWith } = options;
  const given = options.policy !== undefined || options.config !== undefined;
  const policy = given ? await onePolicy(options) : undefined;
  const baseline =
    compareWith === undefined ? undefined : parseBaseline(compareWith, (await readText(compareWith)).text);
  for (const file of [options.dataItems, options.placements]) {
    if (file !== undefined) await checkWritable(dirname(file));
  }
  const interrupted = interruption();
  const bar = progress(options, "repeats");
  const { select, label, repeats, tieBreak, algorithm, featureGates, placements } = options;
  const result = await bench({
    inputs,
    select,
    label,
    repeats,
    ...(policy !== undefined && { policy }),
    tieBreak,
    algorithm,
    featureGates,
    ...(options.config !== undefined && { together: true }),
    signal: interrupted.signal,
    onProgress: (finished, planned) => bar.update(finished, planned),
    ...(placements !== undefined && { onPlacements: placementsWriter(placements) }),
  }).finally(() => bar.stop());
  if (options.dataItems !== undefined) await writeDataItems(options.dataItems, result);
  const comparisons = baseline && compareWithBaseline(result, baseline);
  print(result, comparisons, options);
  return interrupted.exitCode || (result.failed.length > 0 ? ExitCode.failed : ExitCode.done);
}

function print(
  result: BenchResult,
  comparisons: readonly BenchComparison[] | undefined,
  options: BenchCommandOptions,
): void {
  if (options.json) printJson(comparisons === undefined ? result : { ...result, comparisons });
  else process.stdout.write(renderBench(result, comparisons ?? [], { color: useColor(options) }));
  for (const { case: name, message } of result.failed) process.stderr.write(`failed: ${name}: ${message}\n`);
  if (options.quiet) return;
  const files = [options.placements, options.dataItems].filter((file) => file !== undefined);
  const where = files.length === 0 ? "" : `Written: ${files.join(", ")}. `;
  say(
    options,
    `${where}Next: save a result with --json > before.json, and see what a change brings with --compare-with.`,
  );
}

/** One case is one file; several are a folder with a file each. */
function placementsWriter(target: string): NonNullable<BenchOptions["onPlacements"]> {
  const written = new Map<string, number>();
  return async (name, rows, cases) => {
    const lines = csv(
      ["order", "pod", "node", "node_index"],
      rows.map(({ pod, node, nodeIndex }, order) => [order, pod, node, nodeIndex]),
    );
    if (cases === 1) {
      await writeWhole(dirname(target), basename(target), lines);
      return;
    }
    // Cases of different files may share a name.
    const nth = (written.get(name) ?? 0) + 1;
    written.set(name, nth);
    const file = `${name.replaceAll("/", "_")}${nth === 1 ? "" : `-${nth}`}.csv`;
    await writeWhole(target, file, lines);
  };
}

async function writeDataItems(file: string, result: BenchResult): Promise<void> {
  await writeWhole(dirname(file), basename(file), [`${JSON.stringify(dataItems(result), undefined, 2)}\n`]);
}
