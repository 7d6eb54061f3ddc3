import type { NodeSpec } from "../cluster/specs.ts";
import type { NamespaceObject } from "../kubernetes/cluster-object.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { createdNode, createdPodSpec } from "./created-pod.ts";
import { perfNodes } from "./perf-nodes.ts";
import type { PerfParams } from "./perf-params.ts";
import { PerfPhases } from "./perf-phases.ts";
import type { ChurnOperation, CreatePods, PerfOperation } from "./perf-schema.ts";
import type { PerfTemplates } from "./perf-templates.ts";
import { Unsupported } from "./perf-unsupported.ts";
import { PodTemplates } from "./pod-templates.ts";
import type { Churn, ChurnObject } from "./scenario.ts";
import type { PhasesContent } from "./workload.ts";

/** The client's queries per second in scheduler_perf. */
const CREATE_RATE = 5000;

/** A workload's time limit in scheduler_perf. */
const HORIZON_US = 30 * 60e6;

/** Pods of a `createPods` without template. Source: create_op_pods.go. */
const amounts = { cpu: "100m", memory: "500Mi" };
const builtInPod: PodObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { generateName: "pod-" },
  spec: {
    containers: [
      {
        name: "pause",
        image: "registry.k8s.io/pause:3.10.2",
        ports: [{ containerPort: 80 }],
        resources: { limits: amounts, requests: amounts },
      },
    ],
  },
};

/** Turns the operations of one workload into phases; one instance makes one workload. */
export class PerfBuilder {
  readonly #params: PerfParams;
  readonly #templates: PerfTemplates;
  readonly #defaultPod: string | undefined;
  /** Only what one object of each kind shows: enough to tell whether the workload is supported. */
  readonly #dry: boolean;
  readonly #nodes: NodeSpec[] = [];
  readonly #podTemplates = new PodTemplates();
  readonly #podTemplate: number[] = [];
  readonly #phases = new PerfPhases();
  readonly #churn: Churn[] = [];
  readonly #namespaces = new Map<string, NamespaceObject>();
  /** Places of operations, counting each one that `createPodSets` unrolls. */
  #index = 0;

  constructor(params: PerfParams, templates: PerfTemplates, defaultPod: string | undefined, dry: boolean) {
    this.#params = params;
    this.#templates = templates;
    this.#defaultPod = defaultPod;
    this.#dry = dry;
  }

  /** @throws Unsupported naming what is not read yet. */
  add(operation: PerfOperation): void {
    switch (operation.opcode) {
      case "createNodes":
        if (this.#phases.count > 0) throw new Unsupported("createNodes after createPods");
        this.#nodes.push(
          ...perfNodes(operation, this.#index, this.#count(operation), this.#params, this.#templates),
        );
        break;
      case "createNamespaces":
        for (let i = 0; i < this.#count(operation); i++) {
          this.#addNamespace(`${operation.prefix}-${i}`, operation.namespaceTemplatePath, i);
        }
        break;
      case "createPods":
        this.#createPods(operation, this.#count(operation));
        break;
      case "createPodSets": {
        const sets = this.#count(operation);
        for (let i = 0; i < sets; i++) {
          const pods = { ...operation.createPodsOp, namespace: `${operation.namespacePrefix}-${i}` };
          this.#createPods(pods, this.#count(pods));
          this.#index++;
        }
        // The operation itself is gone; the next one takes the place after the last set.
        this.#index--;
        break;
      }
      case "churn":
        this.#addChurn(operation);
        break;
      case "barrier":
        this.#phases.wait(operation);
        break;
    }
    this.#index++;
  }

  content(): PhasesContent {
    if (this.#phases.count === 0) throw new Unsupported("workload without createPods");
    return {
      kind: "phases",
      nodes: this.#nodes,
      nodePhase: new Int32Array(this.#nodes.length),
      templates: this.#podTemplates.list,
      podTemplate: Int32Array.from(this.#podTemplate),
      createRate: CREATE_RATE,
      phases: this.#phases.list(),
      churn: this.#churn,
      horizonUs: HORIZON_US,
      surroundings: { namespaces: [...this.#namespaces.values()], services: [] },
    };
  }

  #count({ count, countParam }: { count?: number | undefined; countParam?: string | undefined }): number {
    const wanted = this.#params.number(count, countParam) ?? 0;
    if (!Number.isSafeInteger(wanted) || wanted < 0)
      throw new Unsupported(`count ${countParam}, which is no whole number from 0,`);
    return this.#dry ? Math.min(1, wanted) : wanted;
  }

  #addNamespace(name: string, path: string | undefined, index: number): void {
    const template =
      path === undefined ? undefined : this.#templates.render(path, { Index: index }).namespaces[0];
    this.#namespaces.set(name, { kind: "Namespace", metadata: { ...template?.metadata, name } });
  }

  #createPods(operation: CreatePods, base: number): void {
    if (operation.persistentVolumeTemplatePath ?? operation.persistentVolumeClaimTemplatePath) {
      throw new Unsupported("createPods with persistent volumes");
    }
    if (this.#params.flag(operation.steadyState, operation.steadyStateParam))
      throw new Unsupported("createPods with steadyState");
    const {
      namespace = `namespace-${this.#index}`,
      countMultiplierParam,
      skipWaitToCompletion = false,
    } = operation;
    const total =
      countMultiplierParam === undefined ? base : base * (this.#params.number(0, countMultiplierParam) ?? 1);
    if (!this.#namespaces.has(namespace)) this.#addNamespace(namespace, undefined, 0);
    const firstPod = this.#podTemplate.length;
    const path = operation.podTemplatePath ?? this.#defaultPod;
    const data = this.#params.template(operation.templateParams);
    const constant = path === undefined || this.#templates.isConstant(path);
    let template = -1;
    for (let i = 0; i < total; i++) {
      if (template === -1 || !constant)
        template = this.#internPod(path, namespace, { ...data, Index: i, Count: total });
      this.#podTemplate.push(template);
    }
    this.#phases.add(
      {
        name: namespace,
        firstPod,
        endPod: this.#podTemplate.length,
        completeWhen: skipWaitToCompletion ? "created" : "scheduled",
        measured: operation.collectMetrics === true,
      },
      this.#churn.some(({ fromPhase }) => fromPhase === this.#phases.count),
    );
  }

  /**
   * The label `signature` that upstream puts on pods made from a file is left out: no selector reads it, and with the
   * default batch of 1 it would make each pod a kind of its own.
   */
  #internPod(
    path: string | undefined,
    namespace: string,
    data: Parameters<PerfTemplates["render"]>[1],
  ): number {
    const [pod, ...others] = path === undefined ? [builtInPod] : this.#templates.render(path, data).pods;
    if (pod === undefined || others.length > 0)
      throw new Unsupported(`pod template ${path}, which is not one Pod`);
    const { metadata = {}, spec = {} } = pod;
    if (spec.schedulingGroup !== undefined) throw new Unsupported("pods in pod groups");
    if ((spec.resourceClaims ?? []).length > 0) throw new Unsupported("pods with resource claims");
    if ((spec.volumes ?? []).length > 0) throw new Unsupported("pods with volumes that scheduling reads");
    const shown = metadata.generateName?.replace(/-$/, "") ?? metadata.name ?? "pod";
    return this.#podTemplates.intern(namespace, metadata.labels, createdPodSpec(spec), shown);
  }

  #addChurn(operation: ChurnOperation): void {
    const {
      mode,
      number = 0,
      intervalMilliseconds = 500,
      namespace = `namespace-${this.#index}`,
    } = operation;
    const makes = operation.templatePaths.flatMap((path): ChurnObject[] => {
      if (!this.#templates.isConstant(path))
        throw new Unsupported(`churn template ${path} with Go template actions`);
      const objects = this.#templates.render(path, {});
      const pods = objects.pods.map(
        (): ChurnObject => ({ kind: "pod", template: this.#internPod(path, namespace, {}) }),
      );
      const nodes = objects.nodes.map(
        (node): ChurnObject => ({ kind: "node", node: { object: createdNode(node) } }),
      );
      if (pods.length + nodes.length > 0) return [...pods, ...nodes];
      return [{ kind: "other", what: kindIn(objects) ?? path }];
    });
    this.#churn.push({
      fromPhase: this.#phases.count,
      mode,
      number,
      intervalUs: intervalMilliseconds * 1000,
      makes,
    });
  }
}

/** The kind of the first object of a template. */
function kindIn(objects: KubernetesObjects): string | undefined {
  const lists = Object.values(objects).filter((list): list is readonly { kind: string }[] =>
    Array.isArray(list),
  );
  return lists.flat()[0]?.kind;
}
