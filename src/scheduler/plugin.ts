import type { Cluster } from "../cluster/cluster.ts";
import type { NodeColumns } from "../cluster/node-columns.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { KubernetesObjects } from "../kubernetes/kubernetes-objects.ts";
import type { ClusterEvent } from "./cluster-event.ts";
import type { Filter, Selection } from "./selection.ts";
import type { Status } from "./status.ts";

/** What a plugin may look at while one pod is being scheduled. It reads; only the cycle's owner writes. */
export interface Cycle {
  /** What scheduling reads of the pod. */
  readonly pod: PodKind;
  /** The pod's row. */
  readonly row: number;
  readonly nodes: NodeColumns;
  readonly cluster: Pick<Cluster, "podsOn" | "portsOn" | "kindOf" | "nodeOf" | "devicesOf" | "objects">;
}

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

/**
 * A plugin looks once and then judges many: each member is a function of the cycle that returns a function of nodes.
 * What it returns is Kubernetes' PreFilter and Filter (or PreScore and Score) in one shape; `undefined` is Skip.
 *
 * Independence is the law that matters most: a node's verdict and raw score do not depend on the company in which it
 * is offered. Plugins that count do so over the cluster, in the outer function, never over the selection.
 */
export interface Plugin {
  readonly name: string;
  /** A pod for which this returns a status is not queued at all (scheduling gates). */
  readonly preEnqueue?: (pod: PodKind, objects: KubernetesObjects) => Status | undefined;
  /** QueueSort as a key: the pod with the greater one is taken first; equal keys wait their turn. */
  readonly queueSort?: (pod: PodKind) => number;
  readonly preFilter?: (cycle: Cycle) => PreFilterResult;
  readonly filter?: (cycle: Cycle) => Filter | undefined;
  /** The filter's verdict on one node, with reasons; asked only when a pod failed or a decision is explained. */
  readonly judge?: (cycle: Cycle) => Judge | undefined;
  /** Absent: the verdict on a node depends on that node's own columns only, and `judge` tells it at any time. */
  readonly whatIf?: (cycle: Cycle) => WhatIf | undefined;
  readonly score?: (cycle: Cycle) => Score | NormalizedScore | undefined;
  readonly normalizeScore?: NormalizeScore;
  /**
   * Reserve: what the cluster's other objects become once the pod is promised to the node, such as claims assumed to be bound;
   * the same object when nothing is. Asked before the pod is placed there.
   */
  readonly reserve?: (cycle: Cycle, node: number) => KubernetesObjects;
  /** Which devices the pod takes on the chosen node, as a set of bits; at most one plugin of a profile says so. */
  readonly takeDevices?: (cycle: Cycle, node: number) => number;
  /** Events that may make a pod schedulable which this plugin rejected. Undefined: any event. */
  readonly eventsToRegister?: readonly ClusterEvent[];
}

/** Checks a plugin's shape; returns it as it is, so that its type is inferred where it is written. */
export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
