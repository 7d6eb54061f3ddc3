import type { PodKind } from "../cluster/pod-kind.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import type { PodGroupObject } from "../kubernetes/pod-group.ts";
import type { Sign } from "./batching/sign.ts";
import type { ClusterEvent } from "./cluster-event.ts";
import type { Cycle } from "./cycle.ts";
import type { Extender } from "./extender.ts";
import type { NodeFact } from "./node-fact.ts";
import type { RowSet } from "./placement-index/row-set.ts";
import type { Feasibility, Permission, PlacementProgress, PodGroupLookup } from "./pod-groups.ts";
import type { KeptPerNode } from "./preemption-index/kept-per-node.ts";
import type { RowKernelSource } from "./row-kernel.ts";
import type { Filter, Selection } from "./selection.ts";
import type { StandingSource } from "./standing.ts";
import type { Status } from "./status.ts";

export type { Cycle } from "./cycle.ts";

/** A node's verdict: undefined when it passes. */
export type Judge = (node: number) => Status | undefined;

/** Writes `scores[i]`, an integer, for each `feasible.rows[i]`. */
export type Score = (feasible: Selection, scores: Int32Array) => void;

/** Turns raw scores, in place, into 0..100; `scores[i]` belongs to `feasible.rows[i]`. */
export type NormalizeScore = (scores: Int32Array, feasible: Selection) => void;

/**
 * A score that is normalised by what this cycle found, such as the nodes that it ignores; a plugin whose normalisation is the
 * same in every cycle has it as `normalizeScore` instead.
 */
export interface NormalizedScore {
  readonly score: Score;
  readonly normalizeScore: NormalizeScore;
}

/** The filter of a plugin that ran and rejects no node, which is not the same as Skip. */
export const everyNode: Filter = () => {};

/** The score of a plugin that ran and gives every node 0, which is not the same as Skip. */
export const zeroForEveryNode: Score = ({ length }, scores) => {
  scores.fill(0, 0, length);
};

/**
 * A filter's verdicts while pods are put on nodes and taken off them in thought: nominated pods, victims of preemption
 * (upstream: PreFilterExtensions AddPod and RemovePod). The node's own columns show such a pod already when it is told.
 */
export interface WhatIf {
  readonly judge: Judge;
  readonly addPod: (row: number, pod: PodKind, node: number) => void;
  readonly removePod: (row: number, pod: PodKind, node: number) => void;
}

/** What PreFilter may say: nothing, the only nodes worth a look (by name, there or not), or that no node will do. */
export type PreFilterResult =
  | { readonly names: readonly string[] }
  | { readonly rejected: Status }
  | undefined;

/** One node with pods removed and put back in thought (upstream: a clone of NodeInfo and CycleState). */
export interface NodeInThought {
  readonly removePod: (row: number) => void;
  /** Puts back a pod that was removed. */
  readonly addPod: (row: number) => void;
  /** What the filters say of the node as it is now, also beside the pods nominated to it; undefined when it passes. */
  readonly verdict: () => Rejection | undefined;
}

/** A rejection, and the plugin that made it; undefined when it is no filter's. */
export interface Rejection {
  readonly status: Status;
  readonly plugin: string | undefined;
}

/** Why preemption does not help on a node: a rejection, or what ended the dry run. */
export interface Unhelpful {
  readonly status: Status | { readonly code: "Error"; readonly reasons: readonly string[] };
  readonly plugin: string | undefined;
}

/** Nodes as they are to a pod about which every filter goes by the node's own row, with what is kept of them between attempts. */
export interface LocalNodes {
  /** Places, in node order, of nodes whose verdict is plain Unschedulable. */
  readonly potential: RowSet;
  /** Thinks about one node, and forgets all of it afterwards. */
  readonly suppose: <T>(node: number, think: (thought: NodeInThought) => T) => T;
  /** What `make` made the first time, for so many places; it is told of changes for as long as anything of it may hold. */
  readonly keep: <T extends KeptPerNode>(make: (potential: RowSet, places: number) => T) => T;
}

/** What a PostFilter plugin may look at: an attempt that found no feasible node, right after it, in the unchanged cluster. */
export interface PostFilterCycle extends Cycle {
  /** The row of the node that the pod's own status names; -1 when there is none. */
  readonly nominatedNode: number;
  /** Whether PreFilter of the plugin of this name was asked before another one ended PreFilter. */
  readonly ranPreFilter: (plugin: string) => boolean;
  /** The verdict that the attempt came to about a node. */
  readonly verdictOn: (node: number) => Status;
  /** Thinks about one node, and forgets all of it afterwards. */
  readonly suppose: <T>(node: number, think: (thought: NodeInThought) => T) => T;
  /**
   * The nodes with what is known of them from earlier attempts by pods of this kind, brought up to date; undefined where more than
   * each node's own row decides about the pod, and where nobody keeps it.
   */
  readonly localNodes: () => LocalNodes | undefined;
  /** Rows of the pods nominated to a node, in the order of their nomination, whose priority is below a number. */
  readonly nominatedBelow: (node: number, priority: number) => readonly number[];
  /** A number in [0, n) drawn for this attempt. */
  readonly draw: (n: number) => number;
  /** The pod's name, where somebody knows it. */
  readonly podName: (row: number) => string | undefined;
  readonly podObject: (row: number) => PodObject;
  /** Those of the profile; some may have a say about candidates. */
  readonly extenders: readonly Extender[];
}

/** A node on which preemption would make room. */
export interface PreemptionCandidate {
  readonly node: number;
  /** Rows, the most important one first, as upstream lists them; some may be terminating already. */
  readonly victims: readonly number[];
  /** How many victims some PodDisruptionBudget does not want to go. */
  readonly pdbViolations: number;
}

/** Who is to make room where. */
export interface Preemption extends PreemptionCandidate {
  /** Rows of less important pods that lose their nomination to the node; none when all victims are terminating already. */
  readonly clearedNominations: readonly number[];
  /** All nodes that would have done, and those among which the order of nodes decided; found when read, before the cluster changes. */
  readonly candidates: readonly PreemptionCandidate[];
  readonly tied: readonly number[];
}

/** What a PostFilter plugin says; it changes nothing. Plain `Unschedulable` lets the next plugin try, all else ends PostFilter. */
export interface PostFilterResult {
  readonly code: "Success" | "Unschedulable" | "UnschedulableAndUnresolvable" | "Error";
  /** In upstream's words; asked only when somebody reads it, and before the cluster changes. Empty: nothing. */
  readonly message: () => string;
  /** The node that the pod is nominated to from now on, -1 for none; absent: its nomination stays as it is. */
  readonly nominate?: number;
  readonly preemption?: Preemption;
  /** Nodes that were looked at in vain, by row; asked like `message`. */
  readonly unhelpful?: () => ReadonlyMap<number, Unhelpful>;
}

/**
 * What a plugin's verdict on a node and its raw score may depend on besides the pod's kind. `nothing`: it has nothing to do with such
 * pods at any point; `object`: the node's own object; `row`: that and the pods on the node; `nodes`: that and facts of all nodes'
 * objects, so that what it returned for a kind holds until some node's object changes; `cluster`: anything. One that says less
 * than `cluster` also normalises by the set of raw scores alone, not by how many nodes have which.
 */
export type Reads = "nothing" | "object" | "row" | "nodes" | "cluster";

/**
 * A plugin looks once and then judges many: each member is a function of the cycle that returns a function of nodes.
 * What it returns is Kubernetes' PreFilter and Filter (or PreScore and Score) in one shape; `undefined` is Skip.
 *
 * Independence is the law that matters most: a node's verdict and raw score do not depend on the company in which it
 * is offered. Plugins that count do so over the cluster, in the outer function, never over the selection.
 */
export interface Plugin {
  readonly name: string;
  /** What its verdicts and raw scores rest on; `cluster` when absent. Whoever says less is asked less often. */
  readonly reads?: Reads | ((pod: PodKind) => Reads);
  /**
   * What tells nodes apart to a plugin that reads the cluster, in this cycle. Filter and raw score are then asked about one node of
   * each class; a score that depends on how many nodes are in the selection finds that in its `counts`. Undefined, or absent:
   * anything may.
   */
  readonly facts?: (cycle: Cycle) => readonly NodeFact[] | undefined;
  /** The same as PreFilter, filter, score and facts together, as one object that is kept and not made anew in every cycle. */
  readonly standing?: StandingSource;
  /**
   * A pod for which this returns a status is not queued at all (scheduling gates). `groups` is absent where one pod is looked at
   * alone.
   */
  readonly preEnqueue?: (
    pod: PodKind,
    objects: KubernetesObjects,
    groups?: PodGroupLookup,
  ) => Status | undefined;
  /** QueueSort as a key: the pod with the greater one is taken first; equal keys wait their turn. */
  readonly queueSort?: (pod: PodKind) => number;
  readonly preFilter?: (cycle: Cycle) => PreFilterResult;
  readonly filter?: (cycle: Cycle) => Filter | undefined;
  /** The filter's verdict on one node, with reasons; asked only when a pod failed or a decision is explained. */
  readonly judge?: (cycle: Cycle) => Judge | undefined;
  /** Absent: the verdict on a node depends on that node's own columns only, and `judge` tells it at any time. */
  readonly whatIf?: (cycle: Cycle) => WhatIf | undefined;
  /**
   * What might make room for a pod that no node takes; undefined: nothing, without a word. The owner of the cycle carries out
   * what it returns.
   */
  readonly postFilter?: (cycle: PostFilterCycle) => PostFilterResult | undefined;
  readonly score?: (cycle: Cycle) => Score | NormalizedScore | undefined;
  readonly normalizeScore?: NormalizeScore;
  /**
   * Reserve: what the cluster's other objects become once the pod is promised to the node, such as claims assumed to be bound;
   * the same object when nothing is. Asked before the pod is placed there.
   */
  readonly reserve?: (cycle: Cycle, node: number) => KubernetesObjects;
  /**
   * Whether the pods of a group that have a place suffice; asked before the first of them is tried and after each. A profile with
   * such a plugin tries pods of a group together, and all of them keep their places or none (upstream: PlacementFeasible).
   */
  readonly placementFeasible?: (group: PodGroupObject, progress: PlacementProgress) => Feasibility;
  /**
   * Permit: whether the pod, which counts on its node already, may be bound; asked again whenever another pod has got a place,
   * until the time is over that it was told to wait.
   */
  readonly permit?: (cycle: Cycle, node: number, groups: PodGroupLookup) => Permission;
  /**
   * PreBind: what the cluster's other objects become when the pod is bound, in the API's words; `object` is the pod as the API has
   * it. Whatever Reserve held in memory alone is written now.
   */
  readonly preBind?: (cycle: Cycle, object: PodObject) => KubernetesObjects;
  /**
   * What of a pod the plugin reads, so that pods are known to be equal to it (opportunistic batching). Absent: nobody knows, and
   * no pod of the profile is hinted at another's nodes.
   */
  readonly sign?: Sign;
  /** Filter and score in numbers, for many nodes at once; undefined, or absent: they are asked. */
  readonly kernel?: RowKernelSource;
  /** Which devices the pod takes on the chosen node, as a set of bits; at most one plugin of a profile says so. */
  readonly takeDevices?: (cycle: Cycle, node: number) => number;
  /** Events that may make a pod schedulable which this plugin rejected. Undefined: any event. */
  readonly eventsToRegister?: readonly ClusterEvent[];
}

/** Checks a plugin's shape; returns it as it is, so that its type is inferred where it is written. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
