import type { NodeColumns } from "../cluster/node-columns.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { Cycle } from "./plugin.ts";

/**
 * What depends on the pod's kind and on nothing of the nodes but their objects (labels, taints, images, names), computed
 * once per kind and again when a node joins, leaves or changes.
 */
export function rememberedPerKind<T>(compute: (cycle: Cycle) => T): (cycle: Cycle) => T {
  const known = new WeakMap<PodKind, { readonly epoch: number; readonly value: T }>();
  return (cycle) => {
    const { epoch } = cycle.nodes;
    const entry = known.get(cycle.pod);
    if (entry !== undefined && entry.epoch === epoch) return entry.value;
    const value = compute(cycle);
    known.set(cycle.pod, { epoch, value });
    return value;
  };
}

/** What depends on the node objects only, computed again when a node joins, leaves or changes. */
export function rememberedPerCluster<T>(compute: (nodes: NodeColumns) => T): (nodes: NodeColumns) => T {
  const known = new WeakMap<NodeColumns, { readonly epoch: number; readonly value: T }>();
  return (nodes) => {
    const entry = known.get(nodes);
    if (entry !== undefined && entry.epoch === nodes.epoch) return entry.value;
    const value = compute(nodes);
    known.set(nodes, { epoch: nodes.epoch, value });
    return value;
  };
}
