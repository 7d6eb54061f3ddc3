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
  /** Whether there may be nodes that lack a key and are left out for it. */
  readonly #ignores: boolean;
  /** By key and value: the last time that it was met. */
  readonly #met: readonly Int32Array[];
  #time = 0;
  /** By node of a selection: its raw score before rounding. */
  #sums = new Float64Array(64);

  constructor(nodes: SpreadNodes, pods: readonly KeyPods[], requireAll: boolean) {
    this.#nodes = nodes;
    this.#pods = pods;
    this.#ignores = requireAll && nodes.carriesAll.includes(0);
    this.#met = nodes.keys.map(({ valueCount }) => new Int32Array(valueCount));
  }

  raw(feasible: Selection, scores: Int32Array): void {
    const { rows, length } = feasible;
    if (this.#sums.length < length) this.#sums = new Float64Array(2 * length);
    const sums = this.#sums;
    sums.fill(0, 0, length);
    this.#time++;
    for (let k = 0; k < this.#pods.length; k++) this.#add(k, feasible, sums);
    for (let i = 0; i < length; i++) scores[i] = Math.round(sums[i]);
    if (!this.#ignores) return;
    for (let i = 0; i < length; i++) if (this.#isIgnored(rows[i])) scores[i] = 0;
  }

  /** The node with the greatest raw score gets the least; ignored nodes get 0. */
  normalize({ rows, length }: Selection, scores: Int32Array): void {
    let least = Number.POSITIVE_INFINITY;
    let greatest = 0;
    const ignores = this.#ignores;
    for (let i = 0; i < length; i++) {
      if (ignores && this.#isIgnored(rows[i])) continue;
      const score = scores[i];
      if (score < least) least = score;
      if (score > greatest) greatest = score;
    }
    for (let i = 0; i < length; i++) {
      if (ignores && this.#isIgnored(rows[i])) scores[i] = 0;
      else if (greatest === 0) scores[i] = MAX_NODE_SCORE;
      else scores[i] = Math.trunc((MAX_NODE_SCORE * (greatest + least - scores[i])) / greatest);
    }
  }

  #isIgnored(node: number): boolean {
    return this.#ignores && this.#nodes.carriesAll[node] === 0;
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
    const time = this.#time;
    const ignores = this.#ignores;
    for (let i = 0; i < length; i++) {
      if (ignores && this.#isIgnored(rows[i])) continue;
      const value = domainOf(key, rows[i]);
      if (met[value] === time) continue;
      met[value] = time;
      domains++;
    }
    return domains;
  }

  /** Adds what one constraint says. The order of operations is upstream's: the last bit may decide the rounding. */
  #add(k: number, feasible: Selection, sums: Float64Array): void {
    const { rows, length } = feasible;
    const { values, constraint } = this.#nodes.keys[k];
    const { onNode, byValue } = this.#pods[k];
    // Constraints with many domains weigh more.
    const weight = lnPlus2(this.#domains(k, feasible));
    const plus = constraint.maxSkew - 1;
    for (let i = 0; i < length; i++) {
      const value = values[rows[i]];
      if (value === 0) continue;
      const count = onNode === undefined ? byValue[value] : onNode[rows[i]];
      sums[i] += count * weight + plus;
    }
  }
}

const LOGARITHMS = Float64Array.from({ length: 1024 }, (_, n) => Math.log(n + 2));

function lnPlus2(n: number): number {
  return n < LOGARITHMS.length ? LOGARITHMS[n] : Math.log(n + 2);
}
