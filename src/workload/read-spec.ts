import { dirname, isAbsolute, join } from "node:path";
import { digest } from "../base/digest.ts";
import { type Problem, UserError } from "../base/errors.ts";
import { DEVICE_RESOURCE } from "../cluster/device.ts";
import { asOf } from "./as.ts";
import type { InputText } from "./input-text.ts";
import { lowerSpec } from "./lower-spec.ts";
import { schemaProblems } from "./schema-problems.ts";
import type { GeneratedWorkload } from "./spec.ts";
import type { As, Costs, Workload } from "./workload.ts";
import { type WorkloadFile, workloadSchema } from "./workload-schema.ts";
import { readYamlSource } from "./yaml-source.ts";

/** Reads the files of a `trace:`, given as paths from the working directory. */
export type ReadTrace = (paths: readonly string[], as: As | undefined) => Promise<Workload>;

/** Whether a text is stowage's own workload, by its first keys. */
export function isSpec(text: string): boolean {
  return /^\s*["']?apiVersion["']?\s*:\s*["']?stowage\//m.test(text);
}

/**
 * Reads stowage's own YAML (`apiVersion: stowage/v1`, `kind: Workload`). `as` overrides the file's own.
 * @throws UserError with every problem, each with its line and column.
 */
export async function readSpec(
  input: InputText,
  as: As | undefined,
  readTrace: ReadTrace,
): Promise<Workload> {
  const problems: Problem[] = [];
  const source = readYamlSource(input.file, input.text, problems);
  if (source === undefined) throw new UserError(problems);
  const parsed = workloadSchema.safeParse(source.value, { reportInput: true });
  if (!parsed.success) throw new UserError([...problems, ...schemaProblems(source, parsed.error.issues)]);
  const file = parsed.data;
  if (file.trace !== undefined) {
    for (const field of ["nodePools", "podTemplates", "arrivals", "events", "horizon"] as const) {
      if (file[field] === undefined) continue;
      problems.push({
        where: source.whereOfKey([field]),
        what: `invalid field: ${field} beside trace; the trace brings its own nodes and pods`,
      });
    }
    const own = file.trace.as === undefined ? undefined : asOf(file.trace.as);
    if (typeof own === "string")
      problems.push({ where: source.whereOf(["trace", "as"]), what: `trace.as: ${own}` });
    if (problems.length > 0 || typeof own === "string") throw new UserError(problems);
    const paths = file.trace.files.map((path) => (isAbsolute(path) ? path : join(dirname(input.file), path)));
    const trace = await readTrace(paths, as ?? own);
    return {
      ...trace,
      name: file.metadata.name,
      source: input.file,
      inputDigest: digest(input.text, trace.inputDigest),
      // The file's own words are about its own mode of arrival.
      ...(as === undefined ? wordsOf(file) : {}),
      ...costsOf(file),
    };
  }
  if (as !== undefined) {
    problems.push({
      where: "--as",
      what: `invalid mode: ${input.file} has arrivals of its own; leave --as out`,
    });
  }
  const spec = lowerSpec(file, source, problems);
  if (problems.length > 0) throw new UserError(problems);
  return {
    name: file.metadata.name,
    source: input.file,
    inputDigest: digest(input.text),
    ...generatedWords(spec),
    ...wordsOf(file),
    ...costsOf(file),
    content: { kind: "generated", spec },
  };
}

function wordsOf(file: WorkloadFile): Partial<Workload> {
  const { description, primaryMeasures, seedMeans, notModelled } = file;
  return {
    ...(description === undefined ? {} : { description }),
    ...(primaryMeasures === undefined ? {} : { primaryMeasures }),
    ...(seedMeans === undefined ? {} : { seedMeans }),
    ...(notModelled === undefined ? {} : { notModelled }),
  };
}

function costsOf({ costs }: WorkloadFile): { costs?: Partial<Costs> } {
  if (costs === undefined) return {};
  const given: Partial<Record<keyof Costs, number>> = {};
  for (const [name, cost] of Object.entries(costs)) {
    if (cost !== undefined) given[name as keyof Costs] = cost;
  }
  return { costs: given };
}

function generatedWords(
  spec: GeneratedWorkload,
): Pick<Workload, "description" | "primaryMeasures" | "seedMeans" | "notModelled" | "notes"> {
  const nodes = spec.nodePools.reduce((sum, { count }) => sum + count, 0);
  const hasDevices = spec.podTemplates.some(({ devices }) => devices !== undefined);
  const drawn = spec.podTemplates.flatMap(({ name, sizes }) =>
    sizes.map(({ resource }) => `${name}.${resource}`),
  );
  return {
    description: `${spec.arrivals.length} streams of generated pods on ${nodes} nodes.`,
    primaryMeasures: [
      "waitingTimeP99",
      "podsPending",
      hasDevices ? `${DEVICE_RESOURCE}Allocation` : "cpuAllocation",
    ],
    seedMeans:
      spec.events.length === 0
        ? "another draw of arrivals, sizes and run times from the same generator, not another cluster"
        : "another draw of arrivals, sizes, run times and affected nodes from the same generator, not another cluster",
    notModelled: [
      "Sizes and run times of pods are drawn independently of one another and of the time of day.",
    ],
    notes:
      drawn.length === 0
        ? []
        : [`Drawn sizes are rounded up to a grid, so that kinds stay few: ${drawn.join(", ")}.`],
  };
}
