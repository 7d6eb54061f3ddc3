import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { Churn, Phase, Surroundings } from "./scenario.ts";
import type { GeneratedWorkload } from "./spec.ts";

/** How pods without a story are made to arrive; the modes of `--as`. */
export type As =
  | { readonly mode: "fill"; readonly percent: number | undefined }
  | { readonly mode: "pending" }
  | { readonly mode: "repack" }
  | { readonly mode: "replay" };

/**
 * A workload: plain data that crosses threads by structured clone, from which `drawScenario(workload, seed)` draws what
 * one seed makes of it. It is read once and never changes.
 */
export interface Workload {
  readonly name: string;
  /** One sentence for the report's head: what this workload is and where it comes from. */
  readonly description: string;
  /** The file or files it was read from, as given by the user. */
  readonly source: string;
  /** Digest of the input's content, for provenance. */
  readonly inputDigest: string;
  /** Names of at most three primary measures; only they get verdicts. */
  readonly primaryMeasures: readonly string[];
  /** What one seed stands for, said beside every verdict ("another order in which the same pods arrive"). */
  readonly seedMeans: string;
  /** What this workload cannot show, each one sentence. */
  readonly notModelled: readonly string[];
  /** Said when the workload is read: what was left out or assumed, with its effect on decisions. */
  readonly notes: readonly string[];
  /** The scheduler with which upstream runs the workload; undefined: the default one. */
  readonly scheduler?: WorkloadScheduler;
  /** Constant costs in the simulation; undefined: the defaults of the simulation. */
  readonly costs?: Partial<Costs>;
  readonly content: GeneratedContent | ListContent | PhasesContent;
}

/** What a scheduler_perf file says of the scheduler; a policy that is asked for by name counts more. */
export interface WorkloadScheduler {
  /** A KubeSchedulerConfiguration, from the working directory; undefined: the default profile. */
  readonly configurationPath: string | undefined;
  /** Feature gates that differ from the defaults and that a policy may be made with. */
  readonly featureGates: Readonly<Record<string, boolean>>;
}

/** Simulated costs, in microseconds; stated in every report. */
export interface Costs {
  /** One scheduling attempt costs `attemptUs + nodeUs * nodes evaluated` of the scheduler's simulated time. */
  readonly attemptUs: number;
  readonly nodeUs: number;
  /** From the scheduler's decision to the API server's binding. */
  readonly bindUs: number;
  /** From the binding to the running containers. */
  readonly startUs: number;
  /** From the loss of a node to the deletion of its pods. */
  readonly nodeLossUs: number;
}

/** stowage's own YAML: everything is drawn from the seed. */
export interface GeneratedContent {
  readonly kind: "generated";
  readonly spec: GeneratedWorkload;
}

/** A list of pods on a list of nodes: a trace or a cluster's snapshot, made to arrive as `as` says. */
export interface ListContent {
  readonly kind: "list";
  readonly as: As;
  readonly nodes: readonly NodeSpec[];
  readonly templates: readonly PodTemplate[];
  readonly pods: ListPods;
  readonly surroundings?: Partial<Surroundings> | undefined;
}

export interface ListPods {
  readonly count: number;
  readonly template: Int32Array;
  /** The node on which the snapshot has it; -1 when pending or unknown. */
  readonly boundTo: Int32Array;
  /** When each bound pod was started, as `ScenarioPods.startedUs` has it; absent when no pod of the list says so. */
  readonly startedUs?: Float64Array | undefined;
  /** Recorded creation and run time in microseconds from the trace's start; undefined when the list has no times. */
  readonly createdUs: Float64Array | undefined;
  readonly runUs: Float64Array | undefined;
  /** All names joined by "\n": one string crosses a thread faster than many. */
  readonly names: string;
}

/** Operations one after another, as in scheduler_perf. */
export interface PhasesContent {
  readonly kind: "phases";
  readonly nodes: readonly NodeSpec[];
  /** So many of the nodes are there from the start; operations of phases let the others join. */
  readonly nodesAtStart: number;
  readonly templates: readonly PodTemplate[];
  readonly podTemplate: Int32Array;
  /** Ranges of pods in their order, each beginning where the one before ends. */
  readonly podNames: readonly PodNames[];
  /** Pods a second at which the client creates pods. */
  readonly createRate: number;
  readonly phases: readonly Phase[];
  /** As in `Scenario`. */
  readonly waitsAtMostUs?: number | undefined;
  readonly churn: readonly Churn[];
  readonly horizonUs: number;
  readonly surroundings?: Partial<Surroundings> | undefined;
}

/** What the pods up to `end` are called. */
export interface PodNames {
  readonly end: number;
  readonly namespace: string;
  /** Followed by the pod's row in so many digits, unless `names` has all names joined by "\n". */
  readonly prefix: string;
  readonly digits: number;
  readonly names: string | undefined;
}
