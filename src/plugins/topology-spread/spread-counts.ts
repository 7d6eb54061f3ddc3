import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { PodKind } from "../../cluster/pod-kind.ts";
import {
  columnFact,
  domainCountFact,
  isDistinct,
  type NodeFact,
  nodeCountFact,
} from "../../scheduler/node-fact.ts";
import type { Cycle } from "../../scheduler/plugin.ts";
import { domainOf, HOSTNAME, type SpreadKey, type SpreadNodes } from "./spread-nodes.ts";

/** Pods that count for one constraint; those being deleted do not. */
export interface KeyPods {
  /** By value of the topology key, over the nodes that count. */
  readonly byValue: Int32Array;
  /** On each node, whether it counts or not; kept only where a node is a domain of its own. */
  readonly onNode: Int32Array | undefined;
  /** Values of nodes that count, in node order, each once. */
  readonly values: Int32Array;
}

/** What upstream takes for the least count where there is no domain. */
const MOST_PODS = 2 ** 31 - 1;

/** The value under which a node's pods count for a key; -1 when they do not. */
type CountedValue = (spread: SpreadNodes, key: SpreadKey, node: number) => number;

/** Only nodes with all keys count. */
export const onCarriersOfAll: CountedValue = ({ carriesAll }, { values, included }, node) =>
  carriesAll[node] === 1 && included[node] === 1 ? values[node] : -1;

/** A node that lacks a key counts in the domain of the empty value. */
export const onAllIncluded: CountedValue = (_spread, key, node) =>
  key.included[node] === 1 ? domainOf(key, node) : -1;

/**
 * Pods by domain for the constraints of one pod kind, kept up to date by the log of placements for as long as the nodes' objects
 * stand; counted anew when the log no longer reaches back.
 */
export class SpreadCounts {
  readonly #countedAs: CountedValue;
  readonly #kept = new WeakMap<SpreadNodes, KeptCounts>();

  constructor(countedAs: CountedValue) {
    this.#countedAs = countedAs;
  }

  /** Up to date. */
  kept(cycle: Cycle, spread: SpreadNodes): KeptCounts {
    const known = this.#kept.get(spread);
    if (known?.catchUp(cycle.nodes) === true) return known;
    const kept = new KeptCounts(spread, this.#countedAs, cycle);
    this.#kept.set(spread, kept);
    return kept;
  }
}

/** Pods by domain, and the least count among domains, as they were when it last caught up. */
export class KeptCounts {
  readonly keys: readonly KeyPods[];
  readonly #spread: SpreadNodes;
  readonly #values: readonly Int32Array[];
  /** How far the log of placements was read. */
  #read: number;
  /** By key: the least count, and how many domains have it; 0 when nobody looked since it rose. */
  readonly #least: Int32Array;
  readonly #atLeast: Int32Array;

  constructor(spread: SpreadNodes, countedAs: CountedValue, { nodes, cluster }: Cycle) {
    this.#spread = spread;
    this.#read = nodes.placements.end;
    this.#values = spread.keys.map((key) => valuesOf(nodes, (node) => countedAs(spread, key, node)));
    this.keys = spread.keys.map(({ constraint, valueCount }, i) => ({
      byValue: new Int32Array(valueCount),
      onNode: constraint.topologyKey === HOSTNAME ? new Int32Array(nodes.count) : undefined,
      values: distinct(this.#values[i], nodes.order),
    }));
    this.#least = new Int32Array(this.keys.length);
    this.#atLeast = new Int32Array(this.keys.length);
    for (const node of nodes.order) {
      for (const row of cluster.podsOn(node)) this.count(cluster.kindOf(row), node, 1);
    }
  }

  /** False when the log no longer reaches back. */
  catchUp({ placements }: NodeColumns): boolean {
    const { end } = placements;
    if (this.#read === end) return true;
    if (this.#read < placements.start) return false;
    for (let position = this.#read; position < end; position++) placements.replay(position, this);
    this.#read = end;
    return true;
  }

  count(kind: PodKind, node: number, sign: 1 | -1): void {
    if (kind.terminating) return;
    for (let i = 0; i < this.keys.length; i++) {
      const { constraint } = this.#spread.keys[i];
      if (constraint.countsNothing || !constraint.matches(kind)) continue;
      const { byValue, onNode } = this.keys[i];
      if (onNode !== undefined) onNode[node] += sign;
      const value = this.#values[i][node];
      if (value !== -1) this.#move(i, byValue, value, sign);
    }
  }

  #move(key: number, byValue: Int32Array, value: number, sign: 1 | -1): void {
    const before = byValue[value];
    byValue[value] = before + sign;
    if (before + sign < this.#least[key]) {
      this.#least[key] = before + sign;
      this.#atLeast[key] = 1;
    } else if (this.#atLeast[key] > 0) {
      if (before === this.#least[key]) this.#atLeast[key]--;
      else if (before + sign === this.#least[key]) this.#atLeast[key]++;
    }
  }

  /** The least count among the domains of a key; as many as there can be where it has none. */
  leastOf(key: number): number {
    if (this.#atLeast[key] === 0) this.#look(key);
    return this.#least[key];
  }

  #look(key: number): void {
    const { byValue, values } = this.keys[key];
    let least = MOST_PODS;
    let domains = 0;
    for (let i = 0; i < values.length; i++) {
      const count = byValue[values[i]];
      if (count > least) continue;
      domains = count < least ? 1 : domains + 1;
      least = count;
    }
    this.#least[key] = least;
    this.#atLeast[key] = domains;
  }
}

function valuesOf({ count, order }: NodeColumns, of: (node: number) => number): Int32Array {
  const values = new Int32Array(count).fill(-1);
  for (const node of order) values[node] = of(node);
  return values;
}

function distinct(values: Int32Array, order: Uint32Array): Int32Array {
  const seen = new Set<number>();
  for (const node of order) if (values[node] !== -1) seen.add(values[node]);
  return Int32Array.from(seen);
}

/** What nodes are told apart by for hard constraints: their domain, or what is in it where they have it for themselves. */
export function hardFacts({ nodes }: Cycle, { keys }: SpreadNodes, pods: readonly KeyPods[]): NodeFact[] {
  return keys.map(({ values }, i) =>
    isDistinct(values, nodes) ? domainCountFact(values, pods[i].byValue) : columnFact(values),
  );
}

/** The same for soft ones, whose weight depends on how many domains there are among the feasible nodes. */
export function softFacts({ keys }: SpreadNodes, pods: readonly KeyPods[]): NodeFact[] {
  return keys.map(({ values }, i) => {
    const { onNode } = pods[i];
    return onNode === undefined ? columnFact(values) : nodeCountFact(values, onNode);
  });
}
