import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";

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
  /**
   * How long a phase waits for its pods once all of them have arrived, in simulated microseconds; then the workload is given
   * up, and no further phase begins. Absent: until the horizon.
   */
  readonly waitsAtMostUs?: number | undefined;
  /** The run stops here, in simulated microseconds after the start. Pods then pending are counted as pending. */
  readonly horizonUs: number;
  /** What is absent is empty. */
  readonly surroundings?: Partial<Surroundings> | undefined;
}

/**
 * Objects beside pods and nodes that decisions read, as they are at the start: claims, classes, services, budgets, owners.
 * Resource claims that pods have from templates are made, and go, with the pods; the templates are among the objects.
 */
export type Surroundings = Omit<KubernetesObjects, "pods" | "nodes" | "others" | "finishedPods">;

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
  /**
   * When a pod that runs at the start was started, in microseconds after the start, so at most 0; Infinity when its node has
   * not said so yet. Preemption orders pods by it. Absent: all of them started together, at 0.
   */
  readonly startedUs?: Float64Array | undefined;
  /** The pod's name for people and for decision records; rows of one scenario give distinct names. */
  nameOf(row: number): string;
}

/**
 * A phase owns a range of pods. Its operations are done when it begins, one after another, then its pods start to arrive;
 * the next phase begins when this one is complete (scheduler_perf's operations wait for their pods in the same way). A
 * phase without pods is complete when its operations are done.
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
  /** Pods of earlier phases that must have come as far as `completeWhen` too (scheduler_perf's barrier). */
  readonly awaits?: readonly PodRange[];
  /** Whether `bench` measures the pods of this phase, and the scheduler's work while it goes on. */
  readonly measured: boolean;
  /** `bench` measures the scheduler's work of this phase, though its pods are not those that are counted. */
  readonly timed?: boolean;
  readonly operations?: readonly PhaseOperation[];
  /**
   * createPods with steadyState: for so long, each pod of the phase that was scheduled is deleted and another of its template
   * arrives in its place; then the phase is complete. In simulated microseconds.
   */
  readonly steadyForUs?: number;
}

/** Rows `first` to `end`, `end` left out. */
export interface PodRange {
  readonly first: number;
  readonly end: number;
}

/**
 * Something that is done to the cluster; `everyUs` 0: all at once, otherwise one object on every tick, the first after
 * `everyUs`.
 */
export type PhaseOperation =
  /** Nodes of these rows join; their `joinUs` is Infinity. */
  | { readonly kind: "addNodes"; readonly first: number; readonly end: number }
  /** Objects beside pods and nodes are created, in addition to those that are there. */
  | { readonly kind: "addObjects"; readonly objects: Partial<Surroundings> }
  /** A node becomes what `spec` says; in the order of the list. */
  | {
      readonly kind: "updateNodes";
      readonly updates: readonly { readonly node: number; readonly spec: NodeSpec }[];
      readonly everyUs: number;
    }
  /**
   * A pod becomes one of another template; a pod that is gone by then is left out. With a `deletionTimestamp` the pod is being
   * deleted and stays, because of a finalizer: it keeps what it has on its node, and the scheduler skips it when it is pending.
   * `waits` false: while what follows goes on; true when absent.
   */
  | {
      readonly kind: "updatePods";
      readonly updates: readonly { readonly pod: number; readonly template: number }[];
      readonly everyUs: number;
      readonly waits?: boolean;
    }
  /** Pods are deleted, wherever they are in their lives; `waits` false: while what follows goes on. */
  | {
      readonly kind: "deletePods";
      readonly pods: readonly number[];
      readonly everyUs: number;
      readonly waits: boolean;
    }
  /** Every claim of the namespace (of all when it is empty) that is not allocated is, outside of the scheduler. */
  | { readonly kind: "allocateClaims"; readonly namespace: string }
  | { readonly kind: "sleep"; readonly forUs: number };

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
  /** `objects`: what it is, if decisions read such objects. */
  | { readonly kind: "other"; readonly what: string; readonly objects?: Partial<Surroundings> };
