import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, Option } from "commander";
import { compare } from "../experiment/compare.ts";
import { policiesOfConfiguration } from "../experiment/configuration-policy.ts";
import { executeInPool } from "../experiment/execute-in-pool.ts";
import type { ExperimentFrame } from "../experiment/experiment-frame.ts";
import type { ExperimentResult } from "../experiment/experiment-result.ts";
import { saveExperiment } from "../experiment/saved-experiment.ts";
import { popularityOf } from "../experiment/trial.ts";
import { checkWritable } from "../report/output-file.ts";
import { summaryJson } from "../report/summary-json.ts";
import { renderTerminal } from "../report/terminal.ts";
import { writeReport } from "../report/write-report.ts";
import { readWorkload } from "../workload/read-workload.ts";
import type { Workload } from "../workload/workload.ts";
import { ExitCode, interruption } from "./exit.ts";
import { defaultThreads, parseList, parseSeeds, parseShard, parseShare, wholeNumber } from "./options.ts";
import { type CommonOptions, printJson, say, typedCommand, useColor, withCommonOptions } from "./output.ts";
import {
  type AlgorithmOption,
  type PolicyOptions,
  withAlgorithmOption,
  withPolicyOptions,
} from "./policy-options.ts";
import { progress } from "./progress.ts";

interface CompareCommandOptions extends CommonOptions, PolicyOptions, AlgorithmOption {
  readonly policies?: readonly string[];
  readonly seeds: readonly number[];
  readonly as?: string;
  readonly select?: string;
  readonly label?: string;
  readonly tieSensitivity?: boolean;
  readonly threads: number;
  readonly out?: string;
  readonly baseline?: string;
  readonly primary?: readonly string[];
  readonly margin?: number;
  readonly shard?: { readonly i: number; readonly n: number };
  readonly traces?: boolean;
}

const DEFAULT_POLICIES = ["default", "most-allocated", "best-fit"];

export function compareCommand(): Command {
  const command = new Command("compare")
    .summary("which policy is better, on what, by how much, and how sure")
    .description(
      "Runs every policy on every workload under many seeds, and compares them with the baseline, paired by seed.",
    )
    .argument(
      "<workload...>",
      "a stowage workload, Kubernetes objects, a trace (nodes.csv+pods.csv), or a scheduler_perf file",
    )
    .option(
      "--policies <a,b,c>",
      `policies (stowage list policies), configurations (file.yaml, file.yaml#profile) or modules; the first is the baseline (default: ${DEFAULT_POLICIES.join(",")})`,
      parseList,
    )
    .addOption(
      new Option("--seeds <N or 42..51>", "how many seeds, from 42, or which")
        .argParser(parseSeeds)
        .default(parseSeeds("20"), "20"),
    )
    .option("--as <mode>", "how a list of pods arrives: fill, fill:130%, pending, repack, replay")
    .option("--select <CASE/WORKLOAD>", "which workloads of a scheduler_perf file; * matches anything")
    .option("--label <a,-b>", "only workloads of a scheduler_perf file with these labels")
    .option("--tie-sensitivity", "repeat it under the other tie rules: does a verdict change?")
    .option("--baseline <policy>", "the policy to compare with, if not the first")
    .option(
      "--primary <m1,m2>",
      "at most three measures that get verdicts (stowage list measures)",
      parseList,
    )
    .option("--margin <2%>", "differences below this share of the baseline do not matter", parseShare)
    .option("--threads <N>", "worker threads", wholeNumber(1, 256), defaultThreads())
    .option("--shard <i/n>", "run only the i-th of n parts; merge with stowage report", parseShard)
    .option("--traces", "keep the trace of every trial, for stowage report")
    .option("--out <dir>", "where the report goes (default: reports/<workload>)")
    .addHelpText(
      "after",
      `
Examples:
  stowage compare workloads/openb.yaml --policies default,best-fit --seeds 20
  stowage compare nodes.csv+pods.csv --as fill:130% --policies default,most-allocated --margin 1% --out reports/mine`,
    );
  withPolicyOptions(command, "its profiles join --policies, which are then default alone unless given");
  withAlgorithmOption(command);
  return withCommonOptions(command).action(async (inputs: string[], options: CompareCommandOptions) => {
    process.exitCode = await runCompare(inputs, options);
  });
}

async function runCompare(inputs: readonly string[], options: CompareCommandOptions): Promise<number> {
  const policies = await policiesOf(options);
  const workloads = await readAll(inputs, options);
  const out = options.out ?? join("reports", fileName(workloads[0].name));
  const interrupted = interruption();
  const bar = progress(options, "trials");
  const keepTraces = options.traces === true || options.shard !== undefined;
  let frame: ExperimentFrame | undefined;
  const popularity = Object.fromEntries(
    workloads.flatMap((workload) => {
      const counts = popularityOf(workload);
      return counts === undefined ? [] : [[workload.name, [...counts]]];
    }),
  );
  const result = await compare({
    ...options,
    policies,
    workloads,
    execute: executeInPool({ threads: options.threads }),
    signal: interrupted.signal,
    command: typedCommand(),
    onProgress: (finished, planned) => bar.update(finished, planned),
    onFrame: async (known) => {
      // Only now is nothing wrong with the input.
      await checkWritable(out);
      if (!options.quiet) sayNotes(known);
      if (!keepTraces) return;
      frame = known;
      await saveExperiment(out, { frame, popularity, failed: [], measured: [] });
    },
    ...(keepTraces && { onTrace: (name, trace) => writeFile(join(out, "traces", name), trace) }),
  }).finally(() => bar.stop());
  if (frame !== undefined) {
    const failed = result.trials.filter((trial) => trial.state === "failed");
    const measured = result.trials.flatMap(({ workload, policy, seed, ...trial }) =>
      trial.state === "completed" && trial.wallSeconds !== undefined
        ? [{ workload, policy, seed, wallSeconds: trial.wallSeconds }]
        : [],
    );
    const { tieSensitivity } = result;
    await saveExperiment(out, { frame, popularity, failed, measured, tieSensitivity });
  }
  await writeReport(result, out);
  if (options.json) printJson(summaryJson(result));
  else process.stdout.write(renderTerminal(result, { color: useColor(options) }));
  if (!options.quiet) say(options, closingWords(out, inputs, options));
  return interrupted.exitCode || exitCodeOf(result);
}

/** Those named, and the profiles of the configuration. */
async function policiesOf({ policies, config }: CompareCommandOptions): Promise<readonly string[]> {
  if (config === undefined) return policies ?? DEFAULT_POLICIES;
  return [...(policies ?? ["default"]), ...(await policiesOfConfiguration(config))];
}

function sayNotes({ workloads }: ExperimentFrame): void {
  for (const note of workloads.flatMap(({ notes }) => notes)) process.stderr.write(`note: ${note}\n`);
}

async function readAll(inputs: readonly string[], options: CompareCommandOptions): Promise<Workload[]> {
  const { as, select, label } = options;
  const read = await Promise.all(inputs.map((input) => readWorkload(input, { as, select, label })));
  return read.flat();
}

function exitCodeOf({ trials }: ExperimentResult): number {
  return trials.some(({ state }) => state === "failed") ? ExitCode.failed : ExitCode.done;
}

function closingWords(out: string, inputs: readonly string[], { as, select }: CompareCommandOptions): string {
  const how = `${as === undefined ? "" : ` --as ${as}`}${select === undefined ? "" : ` --select '${select}'`}`;
  return [
    `\nThe report: ${join(out, "index.html")} (and summary.json, comparisons.csv, trials.csv, series.csv, report.md)`,
    `Next: one run in detail, stowage run ${inputs[0]}${how} --seed 42 --policy default; other policies, stowage list policies`,
  ].join("\n");
}

function fileName(name: string): string {
  return name.replaceAll(/[^\w.+-]/g, "_");
}
