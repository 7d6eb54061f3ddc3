import type { NodeSpec } from "../cluster/specs.ts";
import type { PodGroupObject } from "../kubernetes/pod-group.ts";
import { ObjectLists } from "./object-lists.ts";
import { perfChurn } from "./perf-churn.ts";
import type { PerfGroups } from "./perf-gates.ts";
import { perfGroups } from "./perf-groups.ts";
import { perfNodes } from "./perf-nodes.ts";
import { PerfObjects } from "./perf-objects.ts";
import type { PerfParams } from "./perf-params.ts";
import { PerfPhases } from "./perf-phases.ts";
import { PerfPods } from "./perf-pods.ts";
import type { CreatePods, PerfOperation, PerfOperations } from "./perf-schema.ts";
import type { PerfTemplates } from "./perf-templates.ts";
import { Unsupported } from "./perf-unsupported.ts";
import { perfUpdates } from "./perf-updates.ts";
import type { Churn, Surroundings } from "./scenario.ts";
import type { PhasesContent } from "./workload.ts";

/** The client's queries per second in scheduler_perf. */
const CREATE_RATE = 5000;

/** How long scheduler_perf waits for the pods of a createPods, and at a barrier. */
const WAIT_LIMIT_US = 10 * 60e6;

/** A workload's time limit in scheduler_perf. */
const HORIZON_US = 30 * 60e6;

export interface PerfBuilderOptions {
  readonly params: PerfParams;
  readonly templates: PerfTemplates;
  readonly defaultPod: string | undefined;
  /** Whether equal pods may share results, so that it matters which of them count as equal. */
  readonly batching: boolean;
}

/** Turns the operations of one workload into phases; one instance makes one workload. */
export class PerfBuilder {
  readonly #options: PerfBuilderOptions;
  readonly #objects = new PerfObjects();
  readonly #pods: PerfPods;
  readonly #phases = new PerfPhases();
  readonly #nodes: NodeSpec[] = [];
  readonly #nodeRows = new Map<string, number>();
  #nodesAtStart = 0;
  readonly #podGroups: PodGroupObject[] = [];
  readonly #churn: Churn[] = [];
  /** Places of operations, counting each one that `createPodSets` unrolls. */
  #index = 0;

  constructor(options: PerfBuilderOptions) {
    this.#options = options;
    this.#pods = new PerfPods(options.templates);
  }

  /** What is done with groups of pods. */
  get groups(): PerfGroups {
    return perfGroups(this.#podGroups, this.#pods.podTemplates.list);
  }

  /** @throws Unsupported naming what cannot be done. */
  add(operation: PerfOperation): void {
    switch (operation.opcode) {
      case "createNodes":
        this.#createNodes(operation);
        break;
      case "createNamespaces":
        this.#createNamespaces(operation);
        break;
      case "createPods":
        this.#createPods(operation, this.#options.params.count(operation, 0));
        break;
      case "createPodSets":
        this.#createPodSets(operation);
        break;
      case "deletePods":
        this.#deletePods(operation);
        break;
      case "createAny":
        this.#createAny(operation, this.#options.params.count(operation, 1));
        break;
      case "createResourceClaims":
        this.#createAny(operation, this.#options.params.count(operation, 0));
        break;
      case "updateAny":
        this.#updateAny(operation);
        break;
      case "allocResourceClaims":
        this.#phases.operate({ kind: "allocateClaims", namespace: operation.namespace ?? "" });
        break;
      case "createPodGroups":
        this.#createAny(operation, this.#options.params.count(operation, 0));
        break;
      case "churn": {
        const namespace = operation.namespace ?? `namespace-${this.#index}`;
        this.#objects.addNamespace(namespace);
        const { templates } = this.#options;
        this.#churn.push(
          perfChurn(operation, namespace, this.#phases.count, templates, this.#pods, this.#objects),
        );
        break;
      }
      case "barrier":
        this.#barrier(operation);
        break;
      case "sleep": {
        const forUs = this.#options.params.duration(operation.duration, operation.durationParam);
        this.#phases.operate({ kind: "sleep", forUs });
        break;
      }
      case "startCollectingMetrics":
        this.#phases.collect(operation);
        break;
      case "stopCollectingMetrics":
        this.#phases.collect(undefined);
        break;
      case "startCollectingProfile":
      case "stopCollectingProfile":
        break;
    }
    this.#index++;
  }

  content(): PhasesContent {
    return {
      kind: "phases",
      phases: this.#phases.list(this.#pods.count),
      waitsAtMostUs: WAIT_LIMIT_US,
      nodes: this.#nodes,
      nodesAtStart: this.#nodesAtStart,
      templates: this.#pods.podTemplates.list,
      podTemplate: this.#pods.templateOf,
      podNames: this.#pods.names,
      createRate: CREATE_RATE,
      churn: this.#churn,
      horizonUs: HORIZON_US,
      surroundings: this.#objects.atStart(),
    };
  }

  #createNodes(operation: PerfOperations["createNodes"]): void {
    const { params, templates } = this.#options;
    const made = perfNodes(operation, this.#index, params.count(operation, 0), params, templates);
    this.#addNodes(made.nodes);
    if (made.csiNodes.length > 0) this.#addObjects({ csiNodes: made.csiNodes });
  }

  #addNodes(nodes: readonly NodeSpec[]): void {
    const first = this.#nodes.length;
    for (const node of nodes) {
      const name = node.object.metadata?.name ?? "";
      if (this.#nodeRows.has(name)) throw new Unsupported(`two nodes ${name}`);
      this.#nodeRows.set(name, this.#nodes.length);
      this.#nodes.push(node);
    }
    const end = this.#nodes.length;
    if (this.#phases.untouched) this.#nodesAtStart = end;
    else if (end > first) this.#phases.operate({ kind: "addNodes", first, end });
  }

  #addObjects(objects: Partial<Surroundings>): void {
    if (Object.keys(objects).length === 0) return;
    if (this.#phases.untouched) this.#objects.addAtStart(objects);
    else this.#phases.operate({ kind: "addObjects", objects });
  }

  #createNamespaces(operation: PerfOperations["createNamespaces"]): void {
    const { params, templates } = this.#options;
    const { prefix, namespaceTemplatePath: path } = operation;
    for (let i = 0; i < params.count(operation, 0); i++) {
      const [template] = path === undefined ? [] : templates.render(path, { Index: i }).namespaces;
      this.#objects.addNamespace(`${prefix}-${i}`, template);
    }
  }

  #createPodSets(operation: PerfOperations["createPodSets"]): void {
    const { params } = this.#options;
    const sets = params.count(operation, 0);
    for (let i = 0; i < sets; i++) {
      const pods = { ...operation.createPodsOp, namespace: `${operation.namespacePrefix}-${i}` };
      this.#createPods(pods, params.count(pods, 0));
      this.#index++;
    }
    // The operation itself is gone; the next one takes the place after the last set.
    this.#index--;
  }

  #createPods(operation: CreatePods, base: number): void {
    const { params, templates, defaultPod, batching } = this.#options;
    const { namespace = `namespace-${this.#index}`, skipWaitToCompletion = false } = operation;
    this.#objects.addNamespace(namespace);
    const template = operation.podTemplatePath ?? defaultPod;
    const claim = operation.persistentVolumeClaimTemplatePath;
    const volumes =
      claim === undefined ? undefined : { volume: operation.persistentVolumeTemplatePath, claim };
    const steady = params.flag(operation.steadyState, operation.steadyStateParam);
    const steadyForUs = params.duration(operation.duration, operation.durationParam);
    if (steady) {
      if (skipWaitToCompletion)
        throw new Unsupported("steadyState with skipWaitToCompletion, which upstream refuses");
      if (steadyForUs <= 0) throw new Unsupported("steadyState without a duration, which upstream refuses");
      if (volumes !== undefined || (template !== undefined && !templates.isConstant(template)))
        throw new Unsupported("steadyState of pods that differ");
    }
    const batchSize = params.batchSize(operation.signatureBatchSize, operation.signatureBatchSizeParam);
    const { first, end, objects } = this.#pods.create({
      namespace,
      count: base * params.multiplier(operation.countMultiplierParam),
      template,
      data: params.template(operation.templateParams),
      // No selector reads the label. Where nothing reads who is equal either, it would only make each pod a kind of its own.
      batchSize: batching ? batchSize : undefined,
      volumes,
      waitedFor: skipWaitToCompletion,
    });
    if (Object.keys(objects).length > 0) this.#phases.operate({ kind: "addObjects", objects });
    this.#phases.addPods(
      {
        name: namespace,
        firstPod: first,
        endPod: end,
        completeWhen: skipWaitToCompletion ? "created" : "scheduled",
        measured: operation.collectMetrics === true,
        ...(steady ? { steadyForUs } : {}),
      },
      namespace,
      end > first ? this.#pods.labelsAt(first) : undefined,
    );
  }

  #deletePods({
    namespace,
    labelSelector,
    deletePodsPerSecond = 0,
    ...rest
  }: PerfOperations["deletePods"]): void {
    const { going, staying } = this.#pods.inNamespace(namespace, labelSelector);
    const everyUs = tickUs(deletePodsPerSecond);
    const waits = rest.skipWaitToCompletion !== true;
    if (going.length > 0) this.#phases.operate({ kind: "deletePods", pods: going, everyUs, waits });
    const updates = staying.map((pod) => ({ pod, template: this.#pods.terminating(pod) }));
    if (updates.length > 0) this.#phases.operate({ kind: "updatePods", updates, everyUs, waits });
  }

  #createAny(
    {
      namespace,
      templatePath: path,
      templateParams,
    }: {
      readonly namespace?: string | undefined;
      readonly templatePath: string;
      readonly templateParams?: Readonly<Record<string, unknown>> | undefined;
    },
    count: number,
  ): void {
    const { params, templates } = this.#options;
    if (namespace !== undefined) this.#objects.addNamespace(namespace);
    const data = params.template(templateParams);
    const objects = new ObjectLists();
    for (let i = 0; i < count; i++) {
      const each = { ...data, Index: i, Count: count };
      const rendered = templates.render(path, each);
      if (rendered.pods.length > 0) throw new Unsupported("createAny of pods");
      this.#addNodes(rendered.nodes.map((object) => ({ object })));
      this.#objects.take(rendered, templates.text(path, each), namespace, objects);
      this.#podGroups.push(...rendered.podGroups);
    }
    this.#addObjects(objects.surroundings());
  }

  #updateAny(operation: PerfOperations["updateAny"]): void {
    const { params, templates } = this.#options;
    const count = params.count(operation, 1);
    const everyUs = tickUs(operation.updatePerSecond ?? 0);
    for (const made of perfUpdates(operation, count, templates, this.#pods, this.#nodeRows)) {
      this.#phases.operate({ ...made, everyUs });
    }
  }

  #barrier({ namespaces = [], labelSelector, stageRequirement }: PerfOperations["barrier"]): void {
    const scheduled = stageRequirement !== "Attempted";
    const awaits = this.#pods.awaited(namespaces, labelSelector, scheduled);
    if (awaits.length > 0) this.#phases.wait(awaits, scheduled ? "scheduled" : "attempted", this.#pods.count);
  }
}

/** Go's ticker of a rate: one tick a second divided by it; 0 for all at once. */
function tickUs(perSecond: number): number {
  return perSecond === 0 ? 0 : Math.trunc(1e9 / perSecond) / 1000;
}
