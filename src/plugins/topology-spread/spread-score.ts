import type { Selection } from "../../scheduler/selection.ts";
import type { KeyPods } from "./spread-counts.ts";
import { domainOf, HOSTNAME, type SpreadNodes } from "./spread-nodes.ts";

const MAX_NODE_SCORE = 100;

/**
 * Prefers domains with few matching pods. The raw score is upstream's and depends on the feasible nodes, whose domains
 * alone are weighed; so it is the one score that is not the same in any company.
 * Source: pkg/scheduler/framework/plugins/podtopologyspread/scoring.go.
 */
export class SpreadScore {
  readonly #nodes: SpreadNodes;
  readonly #pods: readonly KeyPods[];
  readonly #requireAll: boolean;
  /** By key: ln(domains + 2): constraints with many domains weigh more. */
  readonly #weights: Float64Array;
  /** By key and value: the last time that it was met. */
  readonly #met: readonly Int32Array[];
  #time = 0;

  constructor(nodes: SpreadNodes, pods: readonly KeyPods[], requireAll: boolean) {
    this.#nodes = nodes;
    this.#pods = pods;
    this.#requireAll = requireAll;
    this.#weights = new Float64Array(nodes.keys.length);
    this.#met = nodes.keys.map(({ valueCount }) => new Int32Array(valueCount));
  }

  raw(feasible: Selection, scores: Int32Array): void {
    const { keys } = this.#nodes;
    const { rows, length } = feasible;
    this.#time++;
    for (let k = 0; k < keys.length; k++) this.#weights[k] = lnPlus2(this.#domains(k, feasible));
    for (let i = 0; i < length; i++)
      scores[i] = this.#isIgnored(rows[i]) ? 0 : Math.round(this.#sum(rows[i]));
  }

  /** The node with the greatest raw score gets the least; ignored nodes get 0. */
  normalize({ rows, length }: Selection, scores: Int32Array): void {
    let least = Number.POSITIVE_INFINITY;
    let greatest = 0;
    for (let i = 0; i < length; i++) {
      if (this.#isIgnored(rows[i])) continue;
      const score = scores[i];
      if (score < least) least = score;
      if (score > greatest) greatest = score;
    }
    for (let i = 0; i < length; i++) {
      if (this.#isIgnored(rows[i])) scores[i] = 0;
      else if (greatest === 0) scores[i] = MAX_NODE_SCORE;
      else scores[i] = Math.trunc((MAX_NODE_SCORE * (greatest + least - scores[i])) / greatest);
    }
  }

  #isIgnored(node: number): boolean {
    return this.#requireAll && this.#nodes.carriesAll[node] === 0;
  }

  /** Domains among the nodes; each node is one by its host name. */
  #domains(k: number, { rows, length, counts }: Selection): number {
    const key = this.#nodes.keys[k];
    let domains = 0;
    if (key.constraint.topologyKey === HOSTNAME) {
      for (let i = 0; i < length; i++) {
        if (!this.#isIgnored(rows[i])) domains += counts === undefined ? 1 : counts[i];
      }
      return domains;
    }
    const met = this.#met[k];
    for (let i = 0; i < length; i++) {
      if (this.#isIgnored(rows[i])) continue;
      const value = domainOf(key, rows[i]);
      if (met[value] === this.#time) continue;
      met[value] = this.#time;
      domains++;
    }
    return domains;
  }

  /** The order of operations is upstream's: the last bit may decide the rounding. */
  #sum(node: number): number {
    const { keys } = this.#nodes;
    let sum = 0;
    for (let k = 0; k < keys.length; k++) {
      const value = keys[k].values[node];
      if (value === 0) continue;
      const { onNode, byValue } = this.#pods[k];
      const count = onNode === undefined ? byValue[value] : onNode[node];
      sum += count * this.#weights[k] + (keys[k].constraint.maxSkew - 1);
    }
    return sum;
  }
}

const LOGARITHMS = Float64Array.from({ length: 1024 }, (_, n) => Math.log(n + 2));

function lnPlus2(n: number): number {
  return n < LOGARITHMS.length ? LOGARITHMS[n] : Math.log(n + 2);
}
