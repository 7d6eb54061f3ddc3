import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { UserError } from "../base/errors.ts";
import { loadScheduler, policyReference } from "../experiment/policy.ts";
import { type RunResult, run } from "../experiment/run.ts";
import { stowageVersion } from "../experiment/version.ts";
import { checkWritable } from "../report/output-file.ts";
import { readWorkload } from "../workload/read-workload.ts";
import type { Workload } from "../workload/workload.ts";
import { DecisionFile } from "./decision-file.ts";
import { ExitCode } from "./exit.ts";
import { parseSeed } from "./options.ts";
import { type CommonOptions, printJson, say, typedCommand, useColor, withCommonOptions } from "./output.ts";
import {
  type AlgorithmOption,
  onePolicy,
  type PolicyOptions,
  SCHEDULER,
  withAlgorithmOption,
  withPolicyOptions,
} from "./policy-options.ts";
import { renderRun } from "./render-run.ts";

interface RunCommandOptions extends CommonOptions, PolicyOptions, AlgorithmOption {
  readonly policy?: string;
  readonly seed: number;
  readonly as?: string;
  readonly select?: string;
  readonly decisions?: string;
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
    .option(
      "--policy <name>",
      "a policy (stowage list policies), a configuration (file.yaml, file.yaml#profile) or a module (default: default)",
    )
    .option("--seed <N>", "the seed", parseSeed, 42)
    .option("--as <mode>", "how a list of pods arrives: fill, fill:130%, pending, repack, replay")
    .option("--select <CASE/WORKLOAD>", "which workload of a scheduler_perf file")
    .option(
      "--decisions <file>",
      "writes a JSON line for every attempt: verdicts, scores, ties; gzipped when it ends with .gz",
    )
    .option("--out <dir>", "writes the trace and a summary there")
    .addHelpText(
      "after",
      `
Examples:
  stowage run workloads/web-diurnal.yaml --policy most-allocated
  stowage run nodes.csv+pods.csv --as fill:130% --seed 43 --json
  stowage run workloads/bin-packing.yaml --config scheduler.yaml --decisions decisions.jsonl.gz

The file of --decisions: a first line that says what was run (format, workload, policy, seed, tieBreak, profiles), then one record per
scheduling attempt, in order, in the format of the recorded cases that stowage verify reads (feasible, filter, scores, totals,
best, message), with at (simulated seconds) and chosen (the node taken, by the policy's tie rule; node is the first of the
best). preemption is what dry runs from the first node on would find; the run's own start at a drawn node. Every plugin is asked about every node for it, so that it takes longer and the file grows with nodes x attempts.`,
    );
  withPolicyOptions(command, SCHEDULER);
  withAlgorithmOption(command);
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
  const policy = await onePolicy(options);
  // What is wrong with the policy is said before any folder is made.
  await policyReference(policy, options.featureGates, { together: options.config !== undefined });
  if (options.out !== undefined) await checkWritable(options.out);
  const result = await runRecorded(workloads[0], policy, options);
  if (options.out !== undefined) await save(result, options.out);
  const { trace: _trace, ...summary } = result;
  if (options.json) printJson(summary);
  else process.stdout.write(renderRun(result, { color: useColor(options) }));
  if (!options.quiet) {
    const written = [
      ...(options.out === undefined ? [] : [`The trace and summary: ${options.out}. `]),
      ...(options.decisions === undefined ? [] : [`The decisions: ${options.decisions}. `]),
    ];
    say(
      options,
      `${written.join("")}Next: compare policies, stowage compare ${input} --policies default,most-allocated,best-fit`,
    );
  }
  return Object.values(result.invariants).every((verdict) => verdict === "held")
    ? ExitCode.done
    : ExitCode.failed;
}

/** The run, with its decisions written as they are made when they are asked for. */
async function runRecorded(
  workload: Workload,
  policy: string,
  { seed, tieBreak, algorithm, featureGates, config, decisions }: RunCommandOptions,
): Promise<RunResult> {
  const together = config !== undefined;
  const how = { seed, tieBreak, algorithm, featureGates, together };
  const asked = { workload, policy, ...how, command: typedCommand() };
  if (decisions === undefined) return run(asked);
  await checkWritable(dirname(decisions));
  const reference = await policyReference(policy, featureGates, { together });
  const { profile, profiles = [profile] } = await loadScheduler(reference, tieBreak);
  const file = new DecisionFile(decisions, {
    format: "stowage-decisions/1",
    stowage: stowageVersion(),
    workload: workload.name,
    inputDigest: workload.inputDigest,
    policy,
    seed,
    tieBreak: profile.tieBreak,
    profiles: profiles.map(({ name, percentageOfNodesToScore, plugins }) => ({
      name,
      percentageOfNodesToScore,
      plugins: plugins.map(({ plugin, weight }) => ({ name: plugin.name, weight })),
    })),
  });
  try {
    const result = await run({ ...asked, onDecision: (decision) => file.add(decision) });
    file.finish();
    return result;
  } catch (error) {
    file.discard();
    throw error;
  }
}

async function save({ trace, ...summary }: RunResult, out: string): Promise<void> {
  await mkdir(join(out, "traces"), { recursive: true });
  const name = `${summary.workload}--${summary.policy}--${summary.seed}.trace`.replaceAll(/[^\w.+-]/g, "_");
  await writeFile(join(out, "traces", name), trace);
  await writeFile(join(out, "summary.json"), `${JSON.stringify(summary, undefined, 2)}\n`);
}
