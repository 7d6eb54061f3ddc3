import { type Problem, UserError } from "../base/errors.ts";
import { unknown } from "../base/nearest.ts";
import type { InputText } from "./input-text.ts";
import { PerfBuilder } from "./perf-builder.ts";
import { PerfParams, paramProblems } from "./perf-params.ts";
import {
  type CreatePods,
  type PerfCase,
  type PerfOperation,
  type PerfWorkload,
  perfFile,
  perfOperations,
} from "./perf-schema.ts";
import { PerfTemplates } from "./perf-templates.ts";
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
   * @throws Unsupported naming what cannot be done.
   */
  build(extent: "dry" | "whole"): PerfBuilder;
}

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
    const operations = testCase.workloadTemplate.flatMap((raw, i) =>
      decodeOperation(raw, source, [caseIndex, "workloadTemplate", i], problems),
    );
    for (const path of pathsOf(testCase, operations)) paths.add(path);
    for (const [workloadIndex, workload] of testCase.workloads.entries()) {
      entries.push({
        name: `${testCase.name}/${workload.name}`,
        labels: [...(testCase.labels ?? []), ...(workload.labels ?? [])],
        testCase,
        workload,
        problems: paramsOf(testCase, workload, source, [caseIndex, "workloads", workloadIndex]),
        build(extent) {
          const gates = { ...testCase.featureGates, ...workload.featureGates };
          const builder = new PerfBuilder({
            params: new PerfParams(workload, extent === "dry"),
            templates,
            defaultPod: testCase.defaultPodTemplatePath,
            batching: gates["OpportunisticBatching"] ?? true,
          });
          for (const operation of operations) builder.add(operation);
          return builder;
        },
      });
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  await templates.load(paths);
  return { entries, templates };
}

/** The operation, or nothing when it has problems. */
function decodeOperation(
  raw: PerfCase["workloadTemplate"][number],
  source: YamlSource,
  path: readonly PropertyKey[],
  problems: Problem[],
): PerfOperation[] {
  const { opcode } = raw;
  const schema = Object.entries(perfOperations).find(([known]) => known === opcode)?.[1];
  if (schema === undefined) {
    const what = unknown("opcode", opcode, Object.keys(perfOperations));
    problems.push({ where: source.whereOf([...path, "opcode"]), what });
    return [];
  }
  const decoded = schema.safeParse(withKnownCase(raw, schema), { reportInput: true });
  if (!decoded.success) {
    problems.push(...schemaProblems(source, decoded.error.issues, path));
    return [];
  }
  for (const what of contradictions(decoded.data)) problems.push({ where: source.whereOf(path), what });
  return [decoded.data];
}

/** Go decodes field names in any case. */
function withKnownCase(raw: object, schema: { readonly shape: object }): object {
  const known = new Map(Object.keys(schema.shape).map((name) => [name.toLowerCase(), name]));
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [known.get(key.toLowerCase()) ?? key, value]),
  );
}

/** What upstream's own validation of operations refuses. */
function contradictions(operation: PerfOperation): readonly string[] {
  if (operation.opcode === "createPods") {
    const { collectMetrics, steadyState, skipWaitToCompletion } = operation;
    if (skipWaitToCompletion !== true) return [];
    return [
      ...(collectMetrics === true
        ? [
            "invalid operation: collectMetrics with skipWaitToCompletion; measured pods are waited for, leave one out",
          ]
        : []),
      ...(steadyState === true
        ? [
            "invalid operation: steadyState with skipWaitToCompletion; the steady state ends by itself, leave one out",
          ]
        : []),
    ];
  }
  if (operation.opcode === "createNodes") {
    const strategies = [
      operation.nodeAllocatableStrategy,
      operation.labelNodePrepareStrategy,
      operation.uniqueNodeLabelStrategy,
    ].filter((strategy) => strategy !== undefined);
    return strategies.length > 1 ? ["invalid operation: more than one strategy; keep one of them"] : [];
  }
  if (operation.opcode === "churn" && operation.mode === "recreate" && (operation.number ?? 0) === 0) {
    return ["invalid number: 0; mode recreate needs a number of slots above 0"];
  }
  return [];
}

/** The template files that operations name. */
function pathsOf(testCase: PerfCase, operations: readonly PerfOperation[]): string[] {
  return [testCase.defaultPodTemplatePath, ...operations.flatMap(pathsIn)].filter(
    (path) => path !== undefined,
  );
}

function pathsIn(operation: PerfOperation): readonly (string | undefined)[] {
  switch (operation.opcode) {
    case "createNodes":
      return [operation.nodeTemplatePath];
    case "createNamespaces":
      return [operation.namespaceTemplatePath];
    case "createPods":
      return podPaths(operation);
    case "createPodSets":
      return podPaths(operation.createPodsOp);
    case "createAny":
    case "updateAny":
    case "createResourceClaims":
    case "createPodGroups":
      return [operation.templatePath];
    case "churn":
      return operation.templatePaths;
    case "deletePods":
    case "allocResourceClaims":
    case "barrier":
    case "sleep":
    case "startCollectingMetrics":
    case "stopCollectingMetrics":
    case "startCollectingProfile":
    case "stopCollectingProfile":
      return [];
  }
}

function podPaths(operation: CreatePods): (string | undefined)[] {
  return [
    operation.podTemplatePath,
    operation.persistentVolumeTemplatePath,
    operation.persistentVolumeClaimTemplatePath,
  ];
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
