import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { digest } from "../base/digest.ts";
import { type Problem, UserError } from "../base/errors.ts";
import { readText } from "./input-text.ts";
import { type PerfEntry, readPerfFile } from "./perf-file.ts";
import { perfGates } from "./perf-gates.ts";
import { isSelected, type PerfSelection } from "./perf-selection.ts";
import type { PerfTemplates } from "./perf-templates.ts";
import { Unsupported } from "./perf-unsupported.ts";
import type { Workload } from "./workload.ts";

/** One workload of a scheduler_perf file, as `stowage list` and `bench` name it. */
export interface SchedulerPerfWorkload {
  /** `CASE/WORKLOAD`. */
  readonly name: string;
  readonly labels: readonly string[];
  readonly supported: boolean;
  /** What is not modelled, or what is wrong with it; undefined when the workload is supported. */
  readonly reason: string | undefined;
}

/** Whether a text is a `performance-config.yaml`, by its keys. */
export function isSchedulerPerf(text: string): boolean {
  return /^- *name *:/m.test(text) && /^\s*(?:- *)?(?:workloadTemplate|opcode|workloads) *:/m.test(text);
}

/** The file itself, or every `performance-config.yaml` below a directory, in the order of their paths. */
export async function schedulerPerfFiles(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true });
  return entries
    .filter((entry) => basename(entry) === "performance-config.yaml")
    .sort()
    .map((entry) => join(path, entry));
}

/**
 * Every workload of a `performance-config.yaml`, those that are not supported with the reason.
 * @throws UserError with every problem of the file and its templates.
 */
export async function listSchedulerPerf(file: string): Promise<SchedulerPerfWorkload[]> {
  const { entries } = await readPerfFile(await readText(file));
  return entries.map((entry) => {
    const reason = entry.problems[0]?.what ?? reasonOf(entry);
    return { name: entry.name, labels: entry.labels, supported: reason === undefined, reason };
  });
}

/**
 * The selected workloads of a `performance-config.yaml` of Kubernetes v1.37 that are supported; the others are named in
 * the notes of the first.
 * @throws UserError when the file has problems, or when workloads are selected and none of them is supported.
 */
export async function readSchedulerPerf(file: string, selection: PerfSelection): Promise<Workload[]> {
  const input = await readText(file);
  const { entries, templates } = await readPerfFile(input);
  const selected = entries.filter((entry) => isSelected(entry.name, entry.labels, selection));
  const problems = selected.flatMap((entry) => entry.problems);
  const refused: Problem[] = [...problems];
  const workloads: Workload[] = [];
  const inputDigest = digest(input.text, ...templates.texts);
  for (const entry of selected) {
    if (entry.problems.length > 0) continue;
    const reason = reasonOf(entry);
    if (reason === undefined) workloads.push(toWorkload(entry, templates, file, inputDigest));
    else refused.push({ where: `${file}: ${entry.name}`, what: `not supported: ${reason}` });
  }
  const [first, ...others] = workloads;
  if (first === undefined) {
    if (refused.length > 0) throw new UserError(refused);
    return [];
  }
  const left = refused.map(({ where, what }) => `Left out: ${where}: ${what}.`);
  return [{ ...first, notes: [...first.notes, ...left] }, ...others];
}

function reasonOf(entry: PerfEntry): string | undefined {
  try {
    perfGates(entry.testCase, entry.workload, { members: false, problem: undefined });
    const builder = entry.build("dry");
    builder.content();
    perfGates(entry.testCase, entry.workload, builder.groups);
    return undefined;
  } catch (error) {
    if (error instanceof Unsupported) return error.message;
    throw error;
  }
}

function toWorkload(
  entry: PerfEntry,
  templates: PerfTemplates,
  source: string,
  inputDigest: string,
): Workload {
  const builder = entry.build("whole");
  const content = builder.content();
  const gates = perfGates(entry.testCase, entry.workload, builder.groups);
  const measured = content.phases.reduce(
    (sum, phase) => sum + (phase.measured ? phase.endPod - phase.firstPod : 0),
    0,
  );
  const count = (n: number) => n.toLocaleString("en-US");
  const { schedulerConfigPath } = entry.testCase;
  return {
    name: entry.name,
    description: `scheduler_perf ${entry.name}: ${count(content.podTemplate.length)} pods, ${count(measured)} of them measured, on ${count(content.nodes.length)} nodes.`,
    source,
    inputDigest,
    primaryMeasures: ["podsPending", "waitingTimeP99", "cpuImbalance"],
    seedMeans: "other luck inside the policy; nodes, pods and times are the same for every seed",
    notModelled: ["Pods never finish, and the API server's own limits are not shown."],
    notes: [
      ...gates.notes,
      ...(schedulerConfigPath === undefined
        ? []
        : [
            `Upstream runs it with the scheduler configuration ${templates.fileOf(schedulerConfigPath)}; name that file as the policy to do the same.`,
          ]),
    ],
    ...(schedulerConfigPath === undefined && Object.keys(gates.differing).length === 0
      ? {}
      : {
          scheduler: {
            configurationPath:
              schedulerConfigPath === undefined ? undefined : templates.fileOf(schedulerConfigPath),
            featureGates: gates.differing,
          },
        }),
    content,
  };
}
