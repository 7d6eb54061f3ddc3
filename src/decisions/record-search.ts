import { InvariantViolation } from "../base/errors.ts";
import type { Cycle, Judge } from "../scheduler/plugin.ts";
import type { CandidateSet } from "../scheduler/pre-filter.ts";
import type { Profile } from "../scheduler/profile.ts";
import { numFeasibleNodesToFind } from "../scheduler/sampling.ts";
import type { RecordedStatus } from "./recorded-case.ts";
import { recordedStatus } from "./recorded-status.ts";

/** What the search over the nodes came to, node by node. */
export interface RecordedSearch {
  /** Rejected nodes, by row: the first plugin that said no, and why. */
  readonly rejected: ReadonlyMap<number, RecordedStatus>;
  /** Rows of the feasible nodes, in the order found. */
  readonly feasible: readonly number[];
  /** Nodes looked at, the one that ended the search left out. */
  readonly looked: number;
  /** What ended the search and fails the cycle; its node counts as rejected. */
  readonly failed: InvariantViolation | undefined;
}

/**
 * Visits the candidates one by one from `start` (a place in node order), asks for the verdict on each, and ends as upstream
 * does at the feasible node after the last one wanted (pkg/scheduler/schedule_one.go: findNodesThatPassFilters).
 */
export function recordSearch(
  cycle: Cycle,
  profile: Profile,
  { nodes: reduced }: CandidateSet,
  verdict: (node: number) => RecordedStatus | undefined,
  start: number,
): RecordedSearch {
  const order = reduced ?? cycle.nodes.order;
  const wanted = profile.plugins.some(({ plugin }) => plugin.score !== undefined)
    ? numFeasibleNodesToFind(profile.percentageOfNodesToScore, order.length)
    : 1;
  const rejected = new Map<number, RecordedStatus>();
  const feasible: number[] = [];
  for (let i = 0; i < order.length; i++) {
    const node = order[(start + i) % order.length];
    let status: RecordedStatus | undefined;
    try {
      status = verdict(node);
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      rejected.set(node, failedStatus(error));
      return { rejected, feasible, looked: feasible.length + rejected.size, failed: error };
    }
    if (status !== undefined) rejected.set(node, status);
    else if (feasible.length === wanted) break;
    else feasible.push(node);
  }
  return { rejected, feasible, looked: feasible.length + rejected.size, failed: undefined };
}

/** The verdict of a filter that failed, of an error like `running "DynamicResources" filter plugin: ...`. */
export function failedStatus({ message }: InvariantViolation): RecordedStatus {
  return { code: "Error", plugin: message.split('"', 2)[1] ?? "", reasons: [message] };
}

/** The verdict of all plugins together on one node, by itself: that of the first that rejects it. */
export function firstRejection(
  cycle: Cycle,
  { plugins }: Profile,
): (node: number) => RecordedStatus | undefined {
  const judges: { readonly plugin: string; readonly judge: Judge }[] = [];
  for (const { plugin } of plugins) {
    const judge = plugin.judge?.(cycle);
    if (judge !== undefined) judges.push({ plugin: plugin.name, judge });
  }
  return (node) => {
    for (const { plugin, judge } of judges) {
      const status = judge(node);
      if (status !== undefined) return recordedStatus(status, plugin);
    }
    return undefined;
  };
}
