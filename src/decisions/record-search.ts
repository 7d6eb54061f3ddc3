import type { Cycle, Judge } from "../scheduler/plugin.ts";
import type { CandidateSet } from "../scheduler/pre-filter.ts";
import type { Profile } from "../scheduler/profile.ts";
import { numFeasibleNodesToFind } from "../scheduler/sampling.ts";
import type { Status } from "../scheduler/status.ts";
import type { RecordedStatus } from "./recorded-case.ts";

/** What the search over the nodes came to, node by node. */
export interface RecordedSearch {
  /** Rejected nodes, by row: the first plugin that said no, and why. */
  readonly rejected: ReadonlyMap<number, RecordedStatus>;
  /** Rows of the feasible nodes, in the order found. */
  readonly feasible: readonly number[];
  /** Nodes looked at, the one that ended the search left out. */
  readonly looked: number;
}

/**
 * Visits the candidates one by one from `start` (a place in node order), asks the plugins in profile order, and ends as
 * upstream does at the feasible node after the last one wanted (pkg/scheduler/schedule_one.go: findNodesThatPassFilters).
 */
export function recordSearch(
  cycle: Cycle,
  profile: Profile,
  { nodes: reduced }: CandidateSet,
  start: number,
): RecordedSearch {
  const verdict = firstRejection(cycle, profile);
  const order = reduced ?? cycle.nodes.order;
  const wanted = profile.plugins.some(({ plugin }) => plugin.score !== undefined)
    ? numFeasibleNodesToFind(profile.percentageOfNodesToScore, order.length)
    : 1;
  const rejected = new Map<number, RecordedStatus>();
  const feasible: number[] = [];
  for (let i = 0; i < order.length; i++) {
    const node = order[(start + i) % order.length];
    const status = verdict(node);
    if (status !== undefined) rejected.set(node, status);
    else if (feasible.length === wanted) break;
    else feasible.push(node);
  }
  return { rejected, feasible, looked: feasible.length + rejected.size };
}

/** The verdict of all plugins together on one node: that of the first that rejects it. */
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

/** A status in the order of fields that the recordings have. */
export function recordedStatus({ code, reasons }: Status, plugin?: string): RecordedStatus {
  return { code, ...(plugin === undefined ? {} : { plugin }), reasons };
}
