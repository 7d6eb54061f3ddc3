import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import { FiltersInThought } from "./filters-in-thought.ts";
import type { Nominations } from "./nominations.ts";
import type { Cycle } from "./plugin.ts";
import { absentStatus, preFilter } from "./pre-filter.ts";
import type { Profile } from "./profile.ts";

/** Why no node would do for a pod, over the nodes as they are now. */
export interface Diagnosis {
  readonly numAllNodes: number;
  /** How many nodes gave each reason; a node with two reasons counts under both. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Set when PreFilter turned the pod down before any node was looked at. */
  readonly preFilterMessage: string | undefined;
  /** Nodes that pass every filter. */
  readonly feasible: number;
}

/**
 * Asks every plugin's verdict on every node, in profile order, the first rejection per node; also beside the pods that are
 * nominated to it.
 */
export function diagnose(
  cluster: Cluster,
  profile: Profile,
  row: number,
  pod: PodKind,
  nominations?: Nominations,
): Diagnosis {
  const { nodes } = cluster;
  const cycle: Cycle = { pod, row, nodes, cluster };
  const numAllNodes = nodes.order.length;
  const reasons = new Map<string, number>();
  const candidates = preFilter(profile, cycle);
  if (candidates.rejected !== undefined) {
    return { numAllNodes, reasons, preFilterMessage: candidates.rejected.reasons.join(", "), feasible: 0 };
  }
  const filters = new FiltersInThought(cluster, profile, nominations, cycle);
  let feasible = 0;
  for (const node of candidates.nodes ?? nodes.order) {
    const status = filters.rejection(node)?.status;
    if (status === undefined) feasible++;
    for (const reason of status?.reasons ?? []) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const absent = numAllNodes - (candidates.nodes?.length ?? numAllNodes);
  if (absent > 0) reasons.set(absentStatus(profile, candidates).reasons[0], absent);
  return { numAllNodes, reasons, preFilterMessage: undefined, feasible };
}

/** The commonest reason, the first by name among equals; undefined when some node would do after all. */
export function mainReason(diagnosis: Diagnosis): string | undefined {
  if (diagnosis.preFilterMessage !== undefined) return diagnosis.preFilterMessage;
  if (diagnosis.feasible > 0) return undefined;
  const sorted = [...diagnosis.reasons].sort(
    ([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1),
  );
  return sorted[0]?.[0];
}
