import { existsSync } from "node:fs";
import { type Problem, UserError } from "../base/errors.ts";
import { parseAs } from "./as.ts";
import { type InputText, readHead, readText } from "./input-text.ts";
import { listWorkload } from "./list-workload.ts";
import { isOpenb, readOpenb } from "./read-openb.ts";
import { isSchedulerPerf, readSchedulerPerf, schedulerPerfFiles } from "./read-scheduler-perf.ts";
import { readSnapshot } from "./read-snapshot.ts";
import { isSpec, readSpec } from "./read-spec.ts";
import type { As, Workload } from "./workload.ts";

export interface ReadWorkloadOptions {
  /** `--as`: how pods of a list are made to arrive. */
  readonly as?: string | undefined;
  /** `--select`: which workloads of a scheduler_perf file, `CASE/WORKLOAD` with `*`; all supported ones without it. */
  readonly select?: string | undefined;
  /** `--label`: only workloads of a scheduler_perf file with these labels, `performance,-short`. */
  readonly label?: string | undefined;
}

type Format = "stowage" | "scheduler_perf" | "openb" | "kubernetes";

const formats =
  "a stowage workload (apiVersion: stowage/v1), a scheduler_perf performance-config.yaml, Kubernetes manifests or kubectl output, or openb CSV (nodes.csv+pods.csv)";

/**
 * Reads a workload, recognised by content and not by name; several files are joined with `+`. One workload, or as many as
 * the selection finds in a scheduler_perf file.
 * @throws UserError with every problem of the input.
 */
export async function readWorkload(input: string, options: ReadWorkloadOptions = {}): Promise<Workload[]> {
  const as = options.as === undefined ? undefined : parseAs(options.as);
  const paths = existsSync(input) ? [input] : input.split("+");
  const format = await formatOf(paths);
  if (format === "scheduler_perf") {
    if (as !== undefined) {
      throw new UserError([
        {
          where: "--as",
          what: `invalid mode: ${input} is a list of operations, not of pods; leave --as out`,
        },
      ]);
    }
    const workloads: Workload[] = [];
    const files = (await Promise.all(paths.map(schedulerPerfFiles))).flat();
    for (const file of files) workloads.push(...(await readSchedulerPerf(file, options)));
    if (workloads.length > 0) return workloads;
    const selection = [options.select, options.label].filter((part) => part !== undefined).join(" ");
    throw new UserError([
      {
        where: input,
        what: `unknown selection: ${JSON.stringify(selection)}; no supported workload has such a name and labels`,
      },
    ]);
  }
  for (const option of ["select", "label"] as const) {
    if (options[option] === undefined) continue;
    throw new UserError([
      {
        where: `--${option}`,
        what: `invalid option: ${input} holds one workload; only scheduler_perf files have more, leave it out`,
      },
    ]);
  }
  if (format === "stowage") {
    if (paths.length > 1)
      throw new UserError([
        { where: input, what: "invalid input: a workload stands alone; leave the + out" },
      ]);
    return [await readSpec(await readText(paths[0]), as, readTrace)];
  }
  return [await readFiles(paths, format, as)];
}

async function readTrace(paths: readonly string[], as: As | undefined): Promise<Workload> {
  const format = await formatOf(paths);
  if (format === "openb" || format === "kubernetes") return readFiles(paths, format, as);
  const where = paths.join("+");
  throw new UserError([
    { where, what: "invalid trace: it is a workload itself; name openb CSV files or a snapshot" },
  ]);
}

async function readFiles(
  paths: readonly string[],
  format: "openb" | "kubernetes",
  as: As | undefined,
): Promise<Workload> {
  if (format === "kubernetes") return listWorkload(await readSnapshot(paths), as);
  const texts: InputText[] = await Promise.all(paths.map(readText));
  return listWorkload(readOpenb(texts), as);
}

/** The one format of all files. */
async function formatOf(paths: readonly string[]): Promise<Format> {
  const problems: Problem[] = [];
  const found = new Set<Format>();
  for (const path of paths) {
    try {
      const format = await formatAt(path);
      if (format === undefined) problems.push({ where: path, what: `unknown format; name ${formats}` });
      else found.add(format);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  const [format, ...others] = found;
  if (format === undefined || others.length > 0) {
    const what = `invalid input: files of different formats (${[...found].join(", ")}); join files of one format with +`;
    throw new UserError([{ where: paths.join("+"), what }]);
  }
  return format;
}

async function formatAt(path: string): Promise<Format | undefined> {
  const { directory, head } = await readHead(path);
  if (directory) return (await schedulerPerfFiles(path)).length > 0 ? "scheduler_perf" : "kubernetes";
  if (isOpenb(head)) return "openb";
  if (isSpec(head)) return "stowage";
  if (isSchedulerPerf(head)) return "scheduler_perf";
  // Gzip is for the reader of Kubernetes objects to unpack.
  const looksLikeObjects = /["']?(?:kind|apiVersion|items)["']?\s*:/.test(head) || head.startsWith("\u001f");
  return looksLikeObjects ? "kubernetes" : undefined;
}
