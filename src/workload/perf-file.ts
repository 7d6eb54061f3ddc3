import { type Problem, UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import type { InputText } from "./input-text.ts";
import { PerfBuilder } from "./perf-builder.ts";
import { PerfParams, paramProblems } from "./perf-params.ts";
import {
  otherOpcodes,
  type PerfCase,
  type PerfOperation,
  type PerfWorkload,
  perfFile,
  perfOperations,
} from "./perf-schema.ts";
import { PerfTemplates } from "./perf-templates.ts";
import { Unsupported } from "./perf-unsupported.ts";
import { schemaProblems } from "./schema-problems.ts";
import { readYamlSource, type YamlSource } from "./yaml-source.ts";

/** One workload of a file, checked and ready to be made. */
export interface PerfEntry {
  readonly name: string;
  readonly labels: readonly string[];
  readonly testCase: PerfCase;
  readonly workload: PerfWorkload;
  /** Parameters that are missing or unused: upstream finds them when the workload runs, and refuses it. */
  readonly problems: readonly Problem[];
  /**
   * `dry` makes one object of each operation, enough to tell whether all are supported.
   * @throws Unsupported naming what is not read yet.
   */
  build(extent: "dry" | "whole"): PerfBuilder;
}

/** An operation that is read, or the name of one that is not. */
type Decoded = PerfOperation | { readonly notRead: string };

/** @throws UserError with every problem of the file. */
export async function readPerfFile(
  input: InputText,
): Promise<{ readonly entries: readonly PerfEntry[]; readonly templates: PerfTemplates }> {
  const problems: Problem[] = [];
  const source = readYamlSource(input.file, input.text, problems);
  if (source === undefined) throw new UserError(problems);
  const parsed = perfFile.safeParse(source.value, { reportInput: true });
  if (!parsed.success) throw new UserError([...problems, ...schemaProblems(source, parsed.error.issues)]);
  const entries: PerfEntry[] = [];
  const templates = new PerfTemplates(input.file);
  const paths = new Set<string>();
  for (const [caseIndex, testCase] of parsed.data.entries()) {
    const operations = testCase.workloadTemplate.map((raw, i) =>
      decodeOperation(raw, source, [caseIndex, "workloadTemplate", i], problems),
    );
    const readAll = operations.every((operation) => !("notRead" in operation));
    if (readAll) for (const path of pathsOf(testCase, operations)) paths.add(path);
    for (const [workloadIndex, workload] of testCase.workloads.entries()) {
      entries.push({
        name: `${testCase.name}/${workload.name}`,
        labels: [...(testCase.labels ?? []), ...(workload.labels ?? [])],
        testCase,
        workload,
        problems: paramsOf(testCase, workload, source, [caseIndex, "workloads", workloadIndex]),
        build(extent) {
          for (const operation of operations) {
            if ("notRead" in operation) throw new Unsupported(`opcode ${operation.notRead}`);
          }
          const defaultPod = testCase.defaultPodTemplatePath;
          const builder = new PerfBuilder(new PerfParams(workload), templates, defaultPod, extent === "dry");
          for (const operation of operations) if (!("notRead" in operation)) builder.add(operation);
          return builder;
        },
      });
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  await templates.load(paths);
  return { entries, templates };
}

function decodeOperation(
  raw: PerfCase["workloadTemplate"][number],
  source: YamlSource,
  path: readonly PropertyKey[],
  problems: Problem[],
): Decoded {
  const { opcode } = raw;
  if (otherOpcodes.some((known) => known === opcode)) return { notRead: opcode };
  const schema = Object.entries(perfOperations).find(([known]) => known === opcode)?.[1];
  if (schema === undefined) {
    const what = unknown("opcode", opcode, [...Object.keys(perfOperations), ...otherOpcodes]);
    problems.push({ where: source.whereOf([...path, "opcode"]), what });
    return { notRead: opcode };
  }
  const decoded = schema.safeParse(raw, { reportInput: true });
  if (!decoded.success) {
    problems.push(...schemaProblems(source, decoded.error.issues, path));
    return { notRead: opcode };
  }
  for (const what of contradictions(decoded.data)) problems.push({ where: source.whereOf(path), what });
  return decoded.data;
}

/** What upstream's own validation of operations refuses. */
function contradictions(operation: PerfOperation): readonly string[] {
  switch (operation.opcode) {
    case "createPods":
      return operation.collectMetrics === true && operation.skipWaitToCompletion === true
        ? [
            "invalid operation: collectMetrics with skipWaitToCompletion; measured pods are waited for, leave one out",
          ]
        : [];
    case "createNodes": {
      const strategies = [
        operation.nodeAllocatableStrategy,
        operation.labelNodePrepareStrategy,
        operation.uniqueNodeLabelStrategy,
      ].filter((strategy) => strategy !== undefined);
      return strategies.length > 1 ? ["invalid operation: more than one strategy; keep one of them"] : [];
    }
    case "churn":
      return operation.mode === "recreate" && (operation.number ?? 0) === 0
        ? ["invalid number: 0; mode recreate needs a number of slots above 0"]
        : [];
    case "barrier":
    case "createNamespaces":
    case "createPodSets":
      return [];
  }
}

function pathsOf(testCase: PerfCase, operations: readonly Decoded[]): string[] {
  const paths: (string | undefined)[] = [];
  for (const operation of operations) {
    if ("notRead" in operation) continue;
    if (operation.opcode === "createNodes") paths.push(operation.nodeTemplatePath);
    else if (operation.opcode === "createNamespaces") paths.push(operation.namespaceTemplatePath);
    else if (operation.opcode === "createPods") paths.push(operation.podTemplatePath);
    else if (operation.opcode === "createPodSets") paths.push(operation.createPodsOp.podTemplatePath);
    else if (operation.opcode === "churn") paths.push(...operation.templatePaths);
  }
  return [testCase.defaultPodTemplatePath, ...paths].filter((path) => path !== undefined);
}

function paramsOf(
  testCase: PerfCase,
  workload: PerfWorkload,
  source: YamlSource,
  path: readonly PropertyKey[],
): readonly Problem[] {
  const { missing, unused } = paramProblems(testCase, workload);
  return [
    ...missing.map((name) => ({
      where: source.whereOf([...path, "params"]),
      what: `missing parameter: ${name}; an operation of ${testCase.name} uses $${name}`,
    })),
    ...unused.map((name) => ({
      where: source.whereOfKey([...path, "params", name]),
      what: `unused parameter: ${name}; no operation of ${testCase.name} uses $${name}, leave it out`,
    })),
  ];
}
