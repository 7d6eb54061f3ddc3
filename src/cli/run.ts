import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { UserError } from "../base/errors.ts";
import { type RunResult, run } from "../experiment/run.ts";
import { checkWritable } from "../report/output-file.ts";
import type { TieBreak } from "../scheduler/profile.ts";
import { readWorkload } from "../workload/read-workload.ts";
import { ExitCode } from "./exit.ts";
import { parseSeed, parseTieBreak } from "./options.ts";
import { type CommonOptions, printJson, say, typedCommand, useColor, withCommonOptions } from "./output.ts";
import { renderRun } from "./render-run.ts";

interface RunCommandOptions extends CommonOptions {
  readonly policy: string;
  readonly seed: number;
  readonly as?: string;
  readonly select?: string;
  readonly tieBreak?: TieBreak;
  readonly out?: string;
}

export function runCommand(): Command {
  const command = new Command("run")
    .summary("what happens when this policy meets this workload, once")
    .description("Runs one policy on one workload under one seed, and says what came of it.")
    .argument(
      "<workload>",
      "a stowage workload, Kubernetes objects, a trace (nodes.csv+pods.csv), or a scheduler_perf file",
    )
    .option("--policy <name>", "a policy (stowage list policies) or a module", "default")
    .option("--seed <N>", "the seed", parseSeed, 42)
    .option("--as <mode>", "how a list of pods arrives: fill, fill:130%, pending, repack, replay")
    .option("--select <CASE/WORKLOAD>", "which workload of a scheduler_perf file")
    .option("--tie-break <rule>", "upstream, first or random", parseTieBreak)
    .option("--out <dir>", "writes the trace and a summary there")
    .addHelpText(
      "after",
      `
Examples:
  stowage run workloads/web-diurnal.yaml --policy most-allocated
  stowage run nodes.csv+pods.csv --as fill:130% --seed 43 --json`,
    );
  return withCommonOptions(command).action(async (input: string, options: RunCommandOptions) => {
    process.exitCode = await runOnce(input, options);
  });
}

async function runOnce(input: string, options: RunCommandOptions): Promise<number> {
  const workloads = await readWorkload(input, { as: options.as, select: options.select });
  if (workloads.length > 1) {
    throw new UserError([
      {
        where: input,
        what: `invalid selection: ${workloads.length} workloads; narrow it with --select to one`,
      },
    ]);
  }
  if (options.out !== undefined) await checkWritable(options.out);
  const { policy, seed, tieBreak } = options;
  const result = await run({ workload: workloads[0], policy, seed, tieBreak, command: typedCommand() });
  if (options.out !== undefined) await save(result, options.out);
  const { trace: _trace, ...summary } = result;
  if (options.json) printJson(summary);
  else process.stdout.write(renderRun(result, { color: useColor(options) }));
  if (!options.quiet) {
    const where = options.out === undefined ? "" : `The trace and summary: ${options.out}. `;
    say(
      options,
      `${where}Next: compare policies, stowage compare ${input} --policies default,most-allocated,best-fit`,
    );
  }
  return Object.values(result.invariants).every((verdict) => verdict === "held")
    ? ExitCode.done
    : ExitCode.failed;
}

async function save({ trace, ...summary }: RunResult, out: string): Promise<void> {
  await mkdir(join(out, "traces"), { recursive: true });
  const name = `${summary.workload}--${summary.policy}--${summary.seed}.trace`.replaceAll(/[^\w.+-]/g, "_");
  await writeFile(join(out, "traces", name), trace);
  await writeFile(join(out, "summary.json"), `${JSON.stringify(summary, undefined, 2)}\n`);
}
