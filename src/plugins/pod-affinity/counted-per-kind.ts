import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import type { NamespaceObject } from "../../kubernetes/cluster-object.ts";
import type { Cycle } from "../../scheduler/plugin.ts";

/** Kinds of incoming pods whose counts are kept per cluster; the oldest go first, so that pods all unlike do not fill the memory. */
const KINDS_KEPT = 256;

interface Counting {
  count(kind: PodKind, node: number, sign: 1 | -1): void;
}

/** Counts over all placed pods, as they were when they last caught up with the log of placements. */
class Kept<R, C extends Counting> {
  readonly namespaces: readonly NamespaceObject[];
  readonly epoch: number;
  readonly relation: R;
  readonly counts: C;
  /** How far the log was read. */
  #read: number;

  constructor({ nodes, cluster }: Cycle, relation: R, counts: C) {
    this.namespaces = cluster.objects.namespaces;
    this.epoch = nodes.epoch;
    this.relation = relation;
    this.counts = counts;
    this.#read = nodes.placements.end;
    for (const node of nodes.order) {
      for (const pod of cluster.podsOn(node)) counts.count(cluster.kindOf(pod), node, 1);
    }
  }

  /** False when they are to be made anew: nodes changed, or the log no longer reaches back. */
  catchUp({ epoch, placements }: NodeColumns): boolean {
    const { end } = placements;
    if (this.epoch !== epoch || this.#read < placements.start) return false;
    for (let position = this.#read; position < end; position++) placements.replay(position, this.counts);
    this.#read = end;
    return true;
  }
}

/**
 * Counts over all placed pods, kept per kind of incoming pod and brought up to date by the log of placements.
 *
 * @param relate what depends on the kind and the namespaces only
 * @param start counts of an empty cluster
 */
export function countedPerKind<R, C extends Counting>(
  relate: (cycle: Cycle) => R,
  start: (relation: R, nodes: NodeColumns) => C,
): (cycle: Cycle) => Kept<R, C> {
  const clusters = new WeakMap<NodeColumns, Map<PodKind, Kept<R, C>>>();
  return (cycle) => {
    const { pod, nodes } = cycle;
    const entries = clusters.get(nodes) ?? new Map<PodKind, Kept<R, C>>();
    if (entries.size === 0) clusters.set(nodes, entries);
    const known = entries.get(pod);
    const related = known?.namespaces === cycle.cluster.objects.namespaces ? known : undefined;
    if (related?.catchUp(nodes) === true) return related;
    if (known === undefined && entries.size === KINDS_KEPT) entries.delete(entries.keys().next().value!);
    const relation = related?.relation ?? relate(cycle);
    const kept = new Kept(cycle, relation, start(relation, nodes));
    entries.set(pod, kept);
    return kept;
  };
}

/** What such a function returns, to be kept beyond the cycle. */
export type KeptCounts<C> = { readonly counts: C; catchUp(nodes: NodeColumns): boolean };
