/**
 * The waist between the wing that makes and the wing that reads: a flat table of numbers. Measures, invariants and
 * reports need nothing else. What a node held at a moment is not stored: it follows from the pods' rows.
 */
export interface Trace {
  readonly facts: TraceFacts;
  readonly resources: readonly TraceResource[];
  readonly templates: readonly TraceTemplate[];
  readonly nodes: TraceNodes;
  readonly pods: TracePods;
}

/** Facts of the run. No measured time: a trace is equal from run to run, for any number of threads. */
export interface TraceFacts {
  readonly workload: string;
  /** How a list of pods was made to arrive ("fill:130%"); empty for a workload that says so itself. */
  readonly as: string;
  readonly policy: string;
  readonly seed: number;
  readonly tieBreak: string;
  readonly horizonUs: number;
  /** When the last event happened, at most the horizon. */
  readonly endUs: number;
  /** The version of stowage that made it. */
  readonly version: string;
  readonly events: number;
  /** Scheduling attempts, and the sums over all of them. */
  readonly attempts: number;
  readonly nodesEvaluated: number;
  /** Attempts in which several nodes had the best total, so that the tie rule decided. */
  readonly tiedDecisions: number;
  /** Interned strings: `pods.rejector` and `pods.reason` are indexes into these. */
  readonly plugins: readonly string[];
  readonly reasons: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

export interface TraceResource {
  /** `cpu`, `memory`, `ephemeral-storage`, an extended resource, or `gpu` (shares of devices, in thousandths of one). */
  readonly name: string;
  /** `milli` (cpu, gpu), `bytes` (memory, storage) or `count`. */
  readonly unit: "milli" | "bytes" | "count";
  /** Set when a class of devices stands in for it: a node that has none of it may give devices instead. */
  readonly byDevices?: true;
}

export interface TraceTemplate {
  readonly name: string;
  /** Requests by resource, in the order of `Trace.resources`. */
  readonly requests: readonly number[];
  readonly priority: number;
  /** Set when the pod asks for devices: how many, the share of each in thousandths, and which models will do. */
  readonly devices?: { readonly count: number; readonly milli: number; readonly models?: readonly string[] };
}

/** One row per node that ever existed. */
export interface TraceNodes {
  readonly count: number;
  readonly names: readonly string[];
  readonly zones: readonly string[];
  /** `allocatable[resource][node]`. */
  readonly allocatable: readonly Float64Array[];
  /** Devices: how many, and an index into `deviceModels`; 0 and -1 without devices. */
  readonly deviceCount: Int32Array;
  readonly deviceModel: Int32Array;
  readonly deviceModels: readonly string[];
  /** When it joined and when it was lost; Infinity when never. */
  readonly joinedUs: Float64Array;
  readonly lostUs: Float64Array;
}

/** One row per pod, for the whole life of the run. Times in simulated microseconds; NaN where it never happened. */
export interface TracePods {
  readonly count: number;
  readonly template: Int32Array;
  readonly createdUs: Float64Array;
  readonly firstAttemptUs: Float64Array;
  /** The scheduler chose the node (and assumed the pod there). */
  readonly scheduledUs: Float64Array;
  readonly boundUs: Float64Array;
  readonly startedUs: Float64Array;
  readonly finishedUs: Float64Array;
  /** Deleted before it finished: its node was lost, or somebody deleted it. */
  readonly deletedUs: Float64Array;
  /** 1 when it was asked to go to make room for another pod. */
  readonly preempted: Uint8Array;
  /** How often other pods were asked to go to make room for it. */
  readonly preemptions: Int32Array;
  /** Row of the node it was bound to; -1 when never. */
  readonly node: Int32Array;
  /** Bit d is set when it holds device d of its node. */
  readonly devices: Int32Array;
  /** 1 when the pod already ran when the simulation began: it counts for what nodes hold, and for nothing else. */
  readonly initial: Uint8Array;
  readonly attempts: Int32Array;
  /** Of the last attempt: nodes evaluated, nodes feasible, best total (-1 when nothing was scored), nodes with that total. */
  readonly evaluated: Int32Array;
  readonly feasible: Int32Array;
  readonly score: Int32Array;
  readonly tied: Int32Array;
  /** Of the last failed attempt: the plugin that rejected most nodes; -1 when it never failed. */
  readonly rejector: Int32Array;
  /** Why it is pending at the end: the commonest reason over the nodes; -1 when it is not pending. */
  readonly reason: Int32Array;
}
