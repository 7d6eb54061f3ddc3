import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { NamespaceObject, ServiceObject } from "../kubernetes/cluster-object.ts";

/**
 * What one seed makes of a workload, before any policy has a say: the same for every policy, so that policies compared
 * on one seed meet the same arrivals, sizes, run times and failures (common random numbers).
 */
export interface Scenario {
  /** Every node that ever exists; those with `joinUs` 0 are there from the start. Row i of the cluster is `nodes[i]`. */
  readonly nodes: readonly NodeSpec[];
  readonly nodeTimes: NodeTimes;
  readonly templates: readonly PodTemplate[];
  readonly pods: ScenarioPods;
  /** Phases in order; most workloads have one. */
  readonly phases: readonly Phase[];
  readonly churn: readonly Churn[];
  /** The run stops here, in simulated microseconds after the start. Pods then pending are counted as pending. */
  readonly horizonUs: number;
  /** Undefined: no namespace has labels, and there is no service. */
  readonly surroundings?: Surroundings | undefined;
}

/** Objects beside pods and nodes that decisions read: labels of namespaces (affinity), services (default spreading). */
export interface Surroundings {
  readonly namespaces: readonly NamespaceObject[];
  readonly services: readonly ServiceObject[];
}

/** One entry per node, in microseconds; Infinity where it never happens. A cordoned node keeps its pods, a lost one loses them. */
export interface NodeTimes {
  readonly joinUs: Float64Array;
  readonly cordonUs: Float64Array;
  readonly uncordonUs: Float64Array;
  readonly lostUs: Float64Array;
}

/** Columns with one entry per pod; row i is pod i of the trace and of the report. */
export interface ScenarioPods {
  readonly count: number;
  /** Which of `templates`. */
  readonly template: Int32Array;
  /** Creation, in microseconds after the start of the pod's phase. */
  readonly arrivalUs: Float64Array;
  /** How long it runs once started, in microseconds; Infinity: until the horizon. */
  readonly runUs: Float64Array;
  /** The node (row) on which it already runs at the start; -1 for a pod that arrives. */
  readonly boundTo: Int32Array;
  /** The pod's name for people and for decision records; rows of one scenario give distinct names. */
  nameOf(row: number): string;
}

/**
 * A phase owns a range of pods and of nodes. Its nodes join and its pods start to arrive when it begins; the next phase
 * begins when this one is complete (scheduler_perf's operations wait for their pods in the same way).
 */
export interface Phase {
  readonly name: string;
  readonly firstPod: number;
  readonly endPod: number;
  /**
   * `scheduled`: complete when each of its pods is scheduled; `attempted`: when each was tried at least once;
   * `created`: as soon as the last of its pods has arrived.
   */
  readonly completeWhen: "scheduled" | "attempted" | "created";
  /** Whether `bench` measures the pods of this phase. */
  readonly measured: boolean;
}

/** scheduler_perf's churn: objects made (and, in `recreate`, deleted again) on every tick while the phases go on. */
export interface Churn {
  /** The phase with which it starts. */
  readonly fromPhase: number;
  readonly mode: "create" | "recreate";
  /** `create`: how many ticks, 0 for no limit; `recreate`: slots, filled and emptied in turn. */
  readonly number: number;
  readonly intervalUs: number;
  /** What one tick makes: a pod of a template, a node, or an object that scheduling does not read. */
  readonly makes: readonly ChurnObject[];
}

export type ChurnObject =
  | { readonly kind: "pod"; readonly template: number }
  | { readonly kind: "node"; readonly node: NodeSpec }
  | { readonly kind: "other"; readonly what: string };
