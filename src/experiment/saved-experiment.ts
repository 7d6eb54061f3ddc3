import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../base/errors.ts";
import { measureTrace } from "../metrics/measure-trace.ts";
import { decodeTrace } from "../trace/codec.ts";
import { traceDigest } from "../trace/trace-digest.ts";
import { assemble } from "./assemble.ts";
import type { ExperimentFrame } from "./experiment-frame.ts";
import type { ExperimentResult, TieSensitivity } from "./experiment-result.ts";
import type { CompletedTrial, FailedTrial, TrialKey, TrialResult } from "./trial-result.ts";

/** What stands beside saved traces, so that a report can be made from them without running anything. */
export interface SavedExperiment {
  readonly frame: ExperimentFrame;
  /** Pods per template of each workload's list before any is repeated or left out, by name. */
  readonly popularity: Readonly<Record<string, readonly number[]>>;
  readonly failed: readonly FailedTrial[];
  /** The traces are those of the experiment alone, so that this cannot be made from them. */
  readonly tieSensitivity?: TieSensitivity | undefined;
  /** Measured time of each finished trial; no trace holds it. Missing when the experiment was ended by force. */
  readonly measured: readonly (TrialKey & { readonly wallSeconds: number })[];
}

const FRAME_FILE = "experiment.json";

export async function saveExperiment(directory: string, saved: SavedExperiment): Promise<void> {
  const folder = join(directory, "traces");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, FRAME_FILE), JSON.stringify(saved));
}

/**
 * The result of experiments whose traces were kept (`compare --traces` or `--shard`), merged: the same policies on the
 * same workloads, each trial once.
 * @throws UserError when a folder has no traces, or the experiments differ
 */
export async function loadExperiments(directories: readonly string[]): Promise<ExperimentResult> {
  const saved = await Promise.all(directories.map(readSaved));
  const first = saved[0];
  for (const [place, other] of saved.entries())
    checkSame(directories[0], first.frame, directories[place], other.frame);
  const finished = new Map<string, TrialResult>();
  for (const [place, directory] of directories.entries()) {
    for (const trial of saved[place].failed) finished.set(trialKey(trial), trial);
    for (const trial of await readTrials(directory, saved[place])) finished.set(trialKey(trial), trial);
  }
  const { frame } = first;
  const seeds = [...new Set(saved.flatMap((part) => part.frame.seeds))].sort((a, b) => a - b);
  const trials = frame.workloads.flatMap(({ name: workload }) =>
    frame.policies.flatMap(({ name: policy }) =>
      seeds.map((seed): TrialResult => {
        const key = { workload, policy, seed };
        return finished.get(trialKey(key)) ?? { ...key, state: "skipped" };
      }),
    ),
  );
  const missing = trials.filter(({ state }) => state === "skipped").length;
  const interrupted =
    missing === 0 ? undefined : { finished: trials.length - missing, planned: trials.length };
  const { tieSensitivity } = first;
  return {
    ...assemble(trials, { ...frame, seeds, interrupted }),
    ...(tieSensitivity !== undefined && { tieSensitivity }),
  };
}

async function readSaved(directory: string): Promise<SavedExperiment> {
  const path = join(directory, "traces", FRAME_FILE);
  if (!existsSync(path)) {
    throw new UserError([
      { where: path, what: "missing traces; run compare with --traces (or --shard) to keep them" },
    ]);
  }
  try {
    return JSON.parse(await readFile(path, "utf8")) as SavedExperiment;
  } catch (error) {
    throw new UserError([
      { where: path, what: `invalid file: ${(error as Error).message}; run compare with --traces again` },
    ]);
  }
}

async function readTrials(
  directory: string,
  { popularity, measured: times }: SavedExperiment,
): Promise<CompletedTrial[]> {
  const folder = join(directory, "traces");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".trace")).sort();
  const trials: CompletedTrial[] = [];
  for (const file of files) {
    const path = join(folder, file);
    const trace = decodeTrace(await readFile(path), path);
    const { facts } = trace;
    const key = { workload: facts.workload, policy: facts.policy, seed: facts.seed };
    const measured = measureTrace(trace, popularity[facts.workload]);
    trials.push({
      ...key,
      state: "completed",
      digest: traceDigest(trace),
      measured,
      simulatedSeconds: facts.endUs / 1e6,
      events: facts.events,
      attempts: facts.attempts,
      wallSeconds: times.find((other) => trialKey(other) === trialKey(key))?.wallSeconds,
    });
  }
  return trials;
}

function checkSame(firstPath: string, first: ExperimentFrame, path: string, other: ExperimentFrame): void {
  const identity = (frame: ExperimentFrame) =>
    JSON.stringify([
      frame.workloads.map(({ name, as }) => [name, as]),
      frame.policies,
      frame.baseline,
      frame.provenance.inputs,
    ]);
  if (identity(first) === identity(other)) return;
  throw new UserError([
    {
      where: path,
      what: `invalid part: it compares other policies or workloads than ${firstPath}; merge parts of one experiment only`,
    },
  ]);
}

function trialKey({ workload, policy, seed }: TrialKey): string {
  return JSON.stringify([workload, policy, seed]);
}
