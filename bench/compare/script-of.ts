import type { NodeSpec } from "../../src/cluster/specs.ts";
import type { PodObject } from "../../src/kubernetes/pod.ts";
import type {
  Churn,
  ChurnObject,
  Phase,
  PhaseOperation,
  Scenario,
  Surroundings,
} from "../../src/workload/scenario.ts";
import { apiObjects } from "./api-objects.ts";
import type { ChurnMake, ScriptOperation } from "./script.ts";

/** Nodes, pods and templates in one line at most, so that lines stay short enough to be parsed one at a time. */
const LINE_ITEMS = 1000;

/** Attempts that stand for a second of a workload's wall-clock time. */
const ATTEMPTS_PER_SECOND = 1000;

export interface SchedulerSettings {
  /** A KubeSchedulerConfiguration without apiVersion and kind. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly gates: Readonly<Record<string, boolean>>;
}

/**
 * A scheduler_perf workload as a script. Wall-clock time becomes attempts, 1,000 for a second: churn ticks after so many
 * of them. Pods that are deleted while a finalizer keeps them are created as pods that are being deleted, so that the
 * scheduler skips every one of them. Sleeps are left out, and so is the pace at which pods are created.
 * @throws Error naming an operation that a script cannot say
 */
export function* scriptOf(
  scenario: Scenario,
  { config, gates }: SchedulerSettings,
): Generator<ScriptOperation> {
  yield { op: "config", config, gates };
  yield* objects(scenario.surroundings);
  const atStart = scenario.nodes.filter((_, row) => scenario.nodeTimes.joinUs[row] === 0);
  yield* nodes(atStart);
  for (const some of chunks(scenario.templates)) {
    yield { op: "templates", pods: some.map(({ object }) => withoutName(object)) };
  }
  const template = templatesAtCreation(scenario);
  for (const [place, phase] of scenario.phases.entries()) {
    for (const churn of scenario.churn) if (churn.fromPhase === place) yield churnOf(churn, scenario);
    for (const operation of phase.operations ?? []) yield* operationOf(operation, scenario);
    yield* podsOf(phase, scenario, template);
    if (schedules(phase)) yield { op: "schedule", name: phase.name, measured: phase.measured };
  }
}

/** Pods that nobody waits for are still pending when the next phase begins. */
function schedules({ completeWhen, endPod, firstPod, awaits }: Phase): boolean {
  return completeWhen !== "created" && (endPod > firstPod || awaits !== undefined);
}

function* objects(surroundings: Partial<Surroundings> | undefined): Generator<ScriptOperation> {
  for (const some of chunks(apiObjects(surroundings ?? {}))) yield { op: "objects", objects: some };
}

function* nodes(specs: readonly NodeSpec[]): Generator<ScriptOperation> {
  for (const some of chunks(specs)) yield { op: "nodes", nodes: some.map(({ object }) => object) };
}

function* operationOf(operation: PhaseOperation, scenario: Scenario): Generator<ScriptOperation> {
  switch (operation.kind) {
    case "addNodes":
      yield* nodes(scenario.nodes.slice(operation.first, operation.end));
      break;
    case "addObjects":
      yield* objects(operation.objects);
      break;
    case "deletePods":
      if (!operation.waits) throw unsayable("deletePods while other operations go on");
      yield { op: "deletePods", names: operation.pods.map((pod) => scenario.pods.nameOf(pod)) };
      break;
    case "updatePods":
      if (operation.updates.some(({ template }) => !isBeingDeleted(scenario.templates[template].object)))
        throw unsayable("updatePods other than a deletion that a finalizer holds up");
      break;
    case "sleep":
      break;
    case "updateNodes":
    case "allocateClaims":
      throw unsayable(operation.kind);
  }
}

/** The template of each pod: its last one where it is deleted and a finalizer keeps it. */
function templatesAtCreation({ phases, pods }: Scenario): Int32Array {
  const template = pods.template.slice();
  for (const { operations = [], steadyForUs } of phases) {
    if (steadyForUs !== undefined) throw unsayable("a steady state");
    for (const operation of operations) {
      if (operation.kind !== "updatePods") continue;
      for (const update of operation.updates) template[update.pod] = update.template;
    }
  }
  return template;
}

function* podsOf(
  { firstPod, endPod }: Phase,
  { pods }: Scenario,
  template: Int32Array,
): Generator<ScriptOperation> {
  for (let first = firstPod; first < endPod; first += LINE_ITEMS) {
    const end = Math.min(first + LINE_ITEMS, endPod);
    const of: [template: number, count: number][] = [];
    const names: string[] = [];
    for (let pod = first; pod < end; pod++) {
      const last = of.at(-1);
      if (last?.[0] === template[pod]) last[1]++;
      else of.push([template[pod], 1]);
      names.push(pods.nameOf(pod));
    }
    yield { op: "pods", of, names };
  }
}

function churnOf(churn: Churn, scenario: Scenario): ScriptOperation {
  const every = Math.max(Math.round((churn.intervalUs / 1e6) * ATTEMPTS_PER_SECOND), 1);
  const makes = churn.makes.flatMap((object) => makesOf(object, scenario));
  return { op: "churn", every, number: churn.number, mode: churn.mode, makes };
}

function makesOf(object: ChurnObject, { templates }: Scenario): ChurnMake[] {
  switch (object.kind) {
    case "pod": {
      const { name, object: pod } = templates[object.template];
      return [{ pod: { ...pod, metadata: { ...pod.metadata, name } } }];
    }
    case "node": {
      const { object: node } = object.node;
      const { generateName, ...metadata } = node.metadata ?? {};
      const name = metadata.name ?? generateName?.replace(/-$/, "") ?? "churn-node";
      return [{ node: { ...node, metadata: { ...metadata, name } } }];
    }
    case "other":
      return apiObjects(object.objects ?? {}).map((made) => ({ object: made }));
  }
}

function withoutName({ metadata = {}, ...pod }: PodObject): PodObject {
  const { name: _name, ...others } = metadata;
  return { ...pod, metadata: others };
}

function isBeingDeleted({ metadata }: PodObject): boolean {
  return metadata?.deletionTimestamp !== undefined;
}

function* chunks<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let first = 0; first < items.length; first += LINE_ITEMS) yield items.slice(first, first + LINE_ITEMS);
}

function unsayable(what: string): Error {
  return new Error(`invalid workload for a comparison: ${what}; a script has no words for it`);
}
