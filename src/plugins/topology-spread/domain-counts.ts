import type { PodKind } from "../../cluster/pod-kind.ts";
import { type Status, unresolvable, unschedulable } from "../../scheduler/status.ts";
import type { KeyPods } from "./spread-counts.ts";
import type { SpreadKey, SpreadNodes } from "./spread-nodes.ts";
import { TwoSmallest } from "./two-smallest.ts";

const MISSING_LABEL = unresolvable(
  "node(s) didn't match pod topology spread constraints (missing required label)",
);
const SKEWED = unschedulable("node(s) didn't match pod topology spread constraints");

interface KeyCounts {
  /** Pods by value of the topology key. */
  readonly counts: Int32Array;
  /** How many values count as domains. */
  readonly domains: number;
  readonly smallest: TwoSmallest;
}

/**
 * Matching pods by domain of each hard constraint of one pod, as they were when the cycle began.
 * Source: pkg/scheduler/framework/plugins/podtopologyspread/filtering.go.
 */
export class DomainCounts {
  readonly #nodes: SpreadNodes;
  readonly #counts: readonly KeyCounts[];

  private constructor(nodes: SpreadNodes, counts: readonly KeyCounts[]) {
    this.#nodes = nodes;
    this.#counts = counts;
  }

  /** Of the pods on nodes that have all keys. The counts are those of the cluster: they move on with it. */
  static of(nodes: SpreadNodes, pods: readonly KeyPods[]): DomainCounts {
    const counts = pods.map(({ byValue, values }, i): KeyCounts => {
      const smallest = new TwoSmallest(nodes.keys[i].emptyValue);
      for (let v = 0; v < values.length; v++) smallest.update(values[v], byValue[values[v]]);
      return { counts: byValue, domains: values.length, smallest };
    });
    return new DomainCounts(nodes, counts);
  }

  clone(): DomainCounts {
    const counts = this.#counts.map((key) => ({
      ...key,
      counts: key.counts.slice(),
      smallest: key.smallest.clone(),
    }));
    return new DomainCounts(this.#nodes, counts);
  }

  /** Whether a node keeps every constraint; the greatest counts that do are found once. */
  keeps(): (node: number) => boolean {
    const tests = this.#nodes.keys.map(({ values }, i) => ({
      values,
      counts: this.#counts[i].counts,
      most: this.#most(i),
    }));
    return (node) => {
      for (const { values, counts, most } of tests) {
        const value = values[node];
        if (value === 0 || counts[value] > most) return false;
      }
      return true;
    };
  }

  /** The verdict of the first constraint that a node breaks. */
  judge(node: number): Status | undefined {
    for (const [i, { values }] of this.#nodes.keys.entries()) {
      const value = values[node];
      if (value === 0) return MISSING_LABEL;
      if (this.#counts[i].counts[value] > this.#most(i)) return SKEWED;
    }
    return undefined;
  }

  /** A pod comes to a node (1) or leaves it (-1), whether it is being deleted or not. */
  change(node: number, pod: PodKind, by: 1 | -1): void {
    if (this.#nodes.carriesAll[node] === 0) return;
    for (const [i, { constraint, values, included }] of this.#nodes.keys.entries()) {
      if (included[node] === 0 || !constraint.matches(pod)) continue;
      const { counts, smallest } = this.#counts[i];
      const value = values[node];
      counts[value] += by;
      smallest.update(value, counts[value]);
    }
  }

  /** The greatest number of pods that a domain may hold already: with fewer domains than wanted, the least one is held empty. */
  #most(key: number): number {
    const { constraint }: SpreadKey = this.#nodes.keys[key];
    const { domains, smallest } = this.#counts[key];
    const least = domains < constraint.minDomains ? 0 : smallest.least;
    return constraint.maxSkew + least - constraint.selfMatch;
  }
}
