import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import type { NamespaceObject } from "../../kubernetes/cluster-object.ts";
import type { Cycle } from "../../scheduler/plugin.ts";

/** Kinds of incoming pods whose counts are kept per cluster; the oldest go first, so that pods all unlike do not fill the memory. */
const KINDS_KEPT = 256;

interface Counting {
  count(kind: PodKind, node: number, sign: 1 | -1): void;
}

interface Entry<R, C> {
  readonly namespaces: readonly NamespaceObject[];
  readonly epoch: number;
  readonly relation: R;
  readonly counts: C;
  /** How far the log of placements was read. */
  read: number;
}

/**
 * Counts over all placed pods, kept per kind of incoming pod and brought up to date by the log of placements. They are made
 * anew when nodes changed or the log no longer reaches back.
 *
 * @param relate what depends on the kind and the namespaces only
 * @param start counts of an empty cluster
 */
export function countedPerKind<R, C extends Counting>(
  relate: (cycle: Cycle) => R,
  start: (relation: R, nodes: NodeColumns) => C,
): (cycle: Cycle) => C {
  const clusters = new WeakMap<NodeColumns, Map<PodKind, Entry<R, C>>>();
  return (cycle) => {
    const { pod, nodes } = cycle;
    const { epoch, placements } = nodes;
    const { namespaces } = cycle.cluster.objects;
    const entries = clusters.get(nodes) ?? new Map<PodKind, Entry<R, C>>();
    if (entries.size === 0) clusters.set(nodes, entries);
    const known = entries.get(pod);
    const related = known?.namespaces === namespaces ? known : undefined;
    if (related !== undefined && related.epoch === epoch && related.read >= placements.start) {
      const { counts } = related;
      for (let position = related.read; position < placements.end; position++) {
        placements.replay(position, counts);
      }
      related.read = placements.end;
      return counts;
    }
    if (known === undefined && entries.size === KINDS_KEPT) entries.delete(entries.keys().next().value!);
    const relation = related?.relation ?? relate(cycle);
    const counts = start(relation, nodes);
    countAll(counts, cycle);
    entries.set(pod, { namespaces, epoch, relation, counts, read: placements.end });
    return counts;
  };
}

function countAll(counts: Counting, { nodes, cluster }: Cycle): void {
  for (const node of nodes.order) {
    for (const pod of cluster.podsOn(node)) counts.count(cluster.kindOf(pod), node, 1);
  }
}
