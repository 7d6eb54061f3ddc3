import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UserError } from "../base/errors.ts";
import { readHead } from "../workload/input-text.ts";
import { isSelected, type PerfSelection } from "../workload/perf-selection.ts";
import {
  isSchedulerPerf,
  listSchedulerPerf,
  readSchedulerPerf,
  schedulerPerfFiles,
} from "../workload/read-scheduler-perf.ts";
import { readWorkload } from "../workload/read-workload.ts";
import type { Workload } from "../workload/workload.ts";

/** A case to be measured. It is read when its turn comes, because a folder of cases can fill the memory. */
export interface BenchCase {
  readonly source: string;
  read(): Promise<Workload>;
}

/** A selected case that cannot be measured, and why. */
export interface UnsupportedCase {
  readonly case: string;
  readonly source: string;
  readonly reason: string;
}

export interface BenchCases {
  readonly cases: readonly BenchCase[];
  readonly unsupported: readonly UnsupportedCase[];
}

/** What is measured when no file is named: the shape of scheduler_perf's SchedulingBasic/5000Nodes_10000Pods. */
const DEFAULT_FILE = "workloads/basic-5k-10k.yaml";

/**
 * Every selected case of the inputs, in their order.
 * @throws UserError when an input is wrong, or when nothing is selected that could be measured
 */
export async function benchCases(inputs: readonly string[], selection: PerfSelection): Promise<BenchCases> {
  if (inputs.length === 0)
    return { cases: await benchCase(shippedDefault(), selection, DEFAULT_FILE), unsupported: [] };
  const cases: BenchCase[] = [];
  const unsupported: UnsupportedCase[] = [];
  for (const input of inputs) {
    const files = await perfFilesAt(input);
    if (files.length === 0) cases.push(...(await benchCase(input, selection)));
    for (const file of files) {
      for (const { name, labels, reason } of await listSchedulerPerf(file)) {
        if (!isSelected(name, labels, selection)) continue;
        if (reason === undefined) cases.push(perfCase(file, name));
        else unsupported.push({ case: name, source: file, reason });
      }
    }
  }
  if (cases.length === 0) throw nothingToMeasure(inputs, selection, unsupported);
  return { cases, unsupported };
}

function shippedDefault(): string {
  return fileURLToPath(new URL(`../../${DEFAULT_FILE}`, import.meta.url));
}

/** Empty when the input is of another format. */
async function perfFilesAt(input: string): Promise<string[]> {
  if (!existsSync(input)) return [];
  const { directory, head } = await readHead(input);
  if (directory) return schedulerPerfFiles(input);
  return isSchedulerPerf(head) ? [input] : [];
}

async function benchCase(input: string, selection: PerfSelection, source = input): Promise<BenchCase[]> {
  const workloads = await readWorkload(input, selection);
  return workloads.map((workload) => ({ source, read: () => Promise.resolve(workload) }));
}

function perfCase(file: string, name: string): BenchCase {
  return {
    source: file,
    async read() {
      const workloads = await readSchedulerPerf(file, { select: name });
      return workloads.find((workload) => workload.name === name)!;
    },
  };
}

function nothingToMeasure(
  inputs: readonly string[],
  { select, label }: PerfSelection,
  unsupported: readonly UnsupportedCase[],
): UserError {
  if (unsupported.length > 0) {
    return new UserError(
      unsupported.map(({ case: name, source, reason }) => ({
        where: `${source}: ${name}`,
        what: `not supported yet: ${reason}`,
      })),
    );
  }
  const selected = [select, label].filter((part) => part !== undefined).join(" ");
  return new UserError([
    {
      where: inputs.join(" "),
      what: `unknown selection: ${JSON.stringify(selected)}; no workload has such a name and labels`,
    },
  ]);
}
