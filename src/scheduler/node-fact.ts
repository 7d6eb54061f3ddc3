import type { Column } from "../cluster/column.ts";
import type { NodeColumns } from "../cluster/node-columns.ts";

/**
 * One number per node that a plugin's verdict or raw score rests on. Nodes that agree in all facts of all plugins are alike
 * and are looked at once. A fact that changes without a change of the node's object does so only for a node that a pod
 * came to or left, and it is the same object for as long as it means the same.
 */
export interface NodeFact {
  readonly at: (node: number) => number;
}

/** Where a node has no value of a key. */
const NO_VALUE = -(2 ** 31);

/** By the array that it reads: it is the same fact for as long as the array is the same. */
const facts = new WeakMap<Column, NodeFact>();
const held = new WeakMap<Column, NodeFact>();

function factOf(array: Column, at: NodeFact["at"]): NodeFact {
  const known = facts.get(array);
  if (known !== undefined) return known;
  const fact = { at };
  facts.set(array, fact);
  return fact;
}

/** A number that stands in a column of the cluster. */
export function columnFact(column: Column): NodeFact {
  return factOf(column, (node) => column[node]);
}

/** What was counted in the node's domain, where no other node is in it; nodes without a value are alike. */
export function domainCountFact(value: Column, counts: Column): NodeFact {
  return factOf(counts, (node) => (value[node] === 0 ? NO_VALUE : counts[value[node]]));
}

/** Whether anything was counted in the node's domain, where no other node is in it; nodes without a value are alike. */
export function domainHeldFact(value: Column, counts: Column): NodeFact {
  const known = held.get(counts);
  if (known !== undefined) return known;
  const fact = { at: (node: number) => (value[node] === 0 ? NO_VALUE : Number(counts[value[node]] > 0)) };
  held.set(counts, fact);
  return fact;
}

/** What was counted on the node itself; nodes without a value of the key are alike. */
export function nodeCountFact(value: Column, counts: Column): NodeFact {
  return factOf(counts, (node) => (value[node] === 0 ? NO_VALUE : counts[node]));
}

const distinct = new WeakMap<Column, { readonly epoch: number; readonly distinct: boolean }>();

/** Whether no two nodes have the same value (other than 0, which means none), as with the label of the host name. */
export function isDistinct(column: Column, { epoch, order }: NodeColumns): boolean {
  const known = distinct.get(column);
  if (known?.epoch === epoch) return known.distinct;
  const seen = new Set<number>();
  let valued = 0;
  for (const node of order) {
    if (column[node] === 0) continue;
    valued++;
    seen.add(column[node]);
  }
  const entry = { epoch, distinct: seen.size === valued };
  distinct.set(column, entry);
  return entry.distinct;
}
