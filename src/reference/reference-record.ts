import type { TieBreak } from "../scheduler/profile.ts";
import type { Status } from "../scheduler/status.ts";

/** A rejection and the plugin behind it. */
export interface PluginStatus extends Status {
  readonly plugin: string;
}

/** What a plugin says of a node: a rejection, or an error that would end the cycle. */
export type Verdict = Status | { readonly code: "Error"; readonly reasons: readonly string[] };

/** One plugin's score of one node. */
export interface ReferenceScore {
  /** From Score. */
  readonly raw: number;
  /** After NormalizeScore. */
  readonly normalized: number;
  readonly weighted: number;
}

/** What preemption found. */
export interface PreemptionRecord {
  readonly message: string;
  /** Nodes on which it would not help, and why. */
  readonly nodes: Readonly<Record<string, Verdict | PluginStatus>>;
  /** Dry runs failed, and none found a candidate: no other plugin is asked. */
  readonly error?: boolean;
  /** The pod may preempt nobody; nothing was looked at, and its nomination stays. */
  readonly ineligible?: true;
  /** Absent: nothing is preempted. */
  readonly chosen?: {
    readonly node: string;
    /** `namespace/name`, the most important first. */
    readonly victims: readonly string[];
    /** By node; `violations` of disruption budgets. */
    readonly candidates: Readonly<
      Record<string, { readonly victims: readonly string[]; readonly violations: number }>
    >;
    /** Candidates that no criterion tells apart, in node order. */
    readonly tied: readonly string[];
    readonly clearedNominations: readonly string[];
  };
}

/**
 * Everything that one scheduling attempt decided, by name. The fields follow the records of the conformance vectors;
 * those that do not apply to the outcome are absent.
 */
export interface ReferenceRecord {
  readonly outcome: "bound" | "unschedulable" | "error" | "gated";
  /** Bound to it. */
  readonly node?: string;
  /** Indexes of the devices that the pod takes there. */
  readonly devices: readonly number[];
  /** The verdict that gates the pod. */
  readonly preEnqueue?: PluginStatus;
  /** The verdict when PreFilter rejected the pod. */
  readonly preFilter?: Status | PluginStatus;
  /** The node names to which PreFilter reduced the search. */
  readonly preFilterNodes?: readonly string[];
  /** Rejected nodes, in visiting order: the first failing plugin, its code and reasons. */
  readonly filter: Readonly<Record<string, Verdict & { readonly plugin?: string }>>;
  /** Plugin, then node, then the plugin's own verdict when it runs alone; rejections only, every node judged. */
  readonly filterPerPlugin: Readonly<Record<string, Readonly<Record<string, Verdict>>>>;
  /** Plugin, then what its own PreFilter says when it rejects the pod. */
  readonly preFilterPerPlugin: Readonly<Record<string, Status>>;
  /** The verdict on nodes that were not looked at, when the pod failed and PreFilter reduced the search. */
  readonly absentNodes?: Status;
  /** Plugins that skipped Filter, and those that skipped Score. */
  readonly skippedFilter: readonly string[];
  readonly skippedScore: readonly string[];
  /** Plugins of which something must change before a failed pod is tried again. */
  readonly rejectors: readonly string[];
  /** The first node looked at; absent when PreFilter reduced the search. */
  readonly visitStart?: string;
  /** How many feasible nodes the search looked for. */
  readonly wanted: number;
  /** In the order found. */
  readonly feasible: readonly string[];
  /** One node was feasible, so that nothing was scored. */
  readonly scoringSkipped?: true;
  /** Plugin, then node. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, ReferenceScore>>>>;
  readonly totals: Readonly<Record<string, number>>;
  /** The nodes with the greatest total, in node order. */
  readonly best: readonly string[];
  /** The node that each tie rule takes among the best. */
  readonly picks?: Readonly<Record<TieBreak, string>>;
  /** Feasible and rejected nodes. */
  readonly evaluated: number;
  /** Where the next search starts. */
  readonly nextStart: number;
  /** The text of PostFilter, and what preemption would do. */
  readonly postFilterMessage?: string;
  readonly preemption?: PreemptionRecord;
  /** The failure in kube-scheduler's words. */
  readonly message?: string;
  /** The error of the cycle. */
  readonly error?: string;
}
