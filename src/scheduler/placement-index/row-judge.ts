import { CPU, EPHEMERAL_STORAGE, MEMORY, type NodeColumns } from "../../cluster/node-columns.ts";
import type { AllocationScore, BalanceScore } from "../row-kernel.ts";
import type { Selection } from "../selection.ts";
import type { KindPlan, PlacedFilter, WeightedScore } from "./kind-plan.ts";
import { rejectedBy } from "./score-column.ts";

const NOWHERE = Number.POSITIVE_INFINITY;

/**
 * What the plugins say of one node by what is on it now. The arithmetic of the common plugins is done here, from the numbers that
 * they gave, and not one call per plugin: a placement changes one node, and this is what it costs every kind.
 */
export class RowJudge {
  readonly #nodes: NodeColumns;
  readonly #hasCpu: Float64Array;
  readonly #hasMemory: Float64Array;
  readonly #hasStorage: Float64Array;
  readonly #usedCpu: Float64Array;
  readonly #usedMemory: Float64Array;
  readonly #usedStorage: Float64Array;
  /** The place of the plugin that looks for room in the profile. */
  readonly #fitPlace: number;
  readonly #fitCpu: number;
  readonly #fitMemory: number;
  readonly #fitStorage: number;
  readonly #allocation: AllocationScore | undefined;
  readonly #allocationWeight: number;
  readonly #balance: BalanceScore | undefined;
  readonly #balanceWeight: number;
  readonly #before: readonly PlacedFilter[];
  readonly #after: readonly PlacedFilter[];
  readonly #scores: readonly WeightedScore[];
  readonly #one: Selection = { rows: new Uint32Array(1), length: 1 };
  readonly #cell = new Int32Array(1);
  /** Some plugin gave a node a score outside of 0..100. */
  broken = false;

  constructor({ filters, scores, fit, allocation, balance }: KindPlan, nodes: NodeColumns) {
    this.#nodes = nodes;
    this.#hasCpu = nodes.allocatable[CPU] as Float64Array;
    this.#hasMemory = nodes.allocatable[MEMORY] as Float64Array;
    this.#hasStorage = nodes.allocatable[EPHEMERAL_STORAGE] as Float64Array;
    this.#usedCpu = nodes.requested[CPU] as Float64Array;
    this.#usedMemory = nodes.requested[MEMORY] as Float64Array;
    this.#usedStorage = nodes.requested[EPHEMERAL_STORAGE] as Float64Array;
    this.#fitPlace = fit?.plugin ?? NOWHERE;
    this.#fitCpu = fit?.cpu ?? 0;
    this.#fitMemory = fit?.memory ?? 0;
    this.#fitStorage = fit?.storage ?? 0;
    this.#allocation = allocation?.score;
    this.#allocationWeight = allocation?.weight ?? 0;
    this.#balance = balance?.score;
    this.#balanceWeight = balance?.weight ?? 0;
    this.#before = filters.filter(({ plugin }) => plugin < this.#fitPlace);
    this.#after = filters.filter(({ plugin }) => plugin >= this.#fitPlace);
    this.#scores = scores;
  }

  /**
   * The node's entry in a score column.
   * @param standing what its object alone says: the sum of scores, or `rejectedBy` a plugin
   */
  judge(node: number, standing: number): number {
    const limit = standing < 0 ? -2 - standing : NOWHERE;
    if (this.#before.length > 0) {
      const rejected = this.#filter(this.#before, node, limit);
      if (rejected < 0) return rejected;
    }
    if (this.#fitPlace < limit && !this.#fits(node)) return rejectedBy(this.#fitPlace);
    if (this.#after.length > 0) {
      const rejected = this.#filter(this.#after, node, limit);
      if (rejected < 0) return rejected;
    }
    if (standing < 0) return standing;
    let total = standing;
    if (this.#allocation !== undefined) {
      total += this.#allocationWeight * this.#allocated(this.#allocation, node);
    }
    if (this.#balance !== undefined) total += this.#balanceWeight * this.#balanced(this.#balance, node);
    if (this.#scores.length > 0) total += this.#score(node);
    return total;
  }

  #fits(node: number): boolean {
    const { podCount, allowedPods } = this.#nodes;
    return (
      this.#fitCpu <= this.#hasCpu[node] - this.#usedCpu[node] &&
      this.#fitMemory <= this.#hasMemory[node] - this.#usedMemory[node] &&
      this.#fitStorage <= this.#hasStorage[node] - this.#usedStorage[node] &&
      podCount[node] < allowedPods[node]
    );
  }

  /** Who of them rejects the node, of those before a place; 0 when none does. */
  #filter(filters: readonly PlacedFilter[], node: number, limit: number): number {
    const one = this.#one;
    for (let f = 0; f < filters.length; f++) {
      const { plugin, run } = filters[f];
      if (plugin > limit) return 0;
      one.rows[0] = node;
      one.length = 1;
      run(one);
      if (one.length === 0) return rejectedBy(plugin);
    }
    return 0;
  }

  #score(node: number): number {
    const one = this.#one;
    const cell = this.#cell;
    one.rows[0] = node;
    one.length = 1;
    let total = 0;
    for (let s = 0; s < this.#scores.length; s++) {
      this.#scores[s].score(one, cell);
      if (cell[0] < 0 || cell[0] > 100) this.broken = true;
      total += cell[0] * this.#scores[s].weight;
    }
    return total;
  }

  /** See `plugins/scoring/weighted-mean.ts`. */
  #allocated({ of, cpu, memory, cpuWeight, memoryWeight }: AllocationScore, node: number): number {
    const hasCpu = this.#hasCpu[node];
    const hasMemory = this.#hasMemory[node];
    const most = of === "most";
    const ofCpu = hasCpu === 0 ? 0 : percent(hasCpu, this.#nodes.nonZeroCpu[node] + cpu, most);
    const ofMemory = hasMemory === 0 ? 0 : percent(hasMemory, this.#nodes.nonZeroMemory[node] + memory, most);
    const weights = (hasCpu === 0 ? 0 : cpuWeight) + (hasMemory === 0 ? 0 : memoryWeight);
    return weights === 0 ? 0 : Math.trunc((ofCpu * cpuWeight + ofMemory * memoryWeight) / weights);
  }

  /** See `plugins/node-resources-balanced-allocation.ts`. */
  #balanced({ cpu, memory }: BalanceScore, node: number): number {
    const hasCpu = this.#hasCpu[node];
    const hasMemory = this.#hasMemory[node];
    if (hasCpu === 0 || hasMemory === 0) return 75;
    const usedCpu = this.#usedCpu[node];
    const usedMemory = this.#usedMemory[node];
    const before = balanceOf(usedCpu / hasCpu, usedMemory / hasMemory);
    const after = balanceOf((usedCpu + cpu) / hasCpu, (usedMemory + memory) / hasMemory);
    return 50 + Math.trunc((50 + after - before) / 2);
  }
}

function percent(has: number, taken: number, most: boolean): number {
  if (!most) return taken > has ? 0 : Math.trunc(((has - taken) * 100) / has);
  return Math.trunc((Math.min(taken, has) * 100) / has);
}

function balanceOf(shareOfCpu: number, shareOfMemory: number): number {
  const cpu = Math.min(shareOfCpu, 1);
  const memory = Math.min(shareOfMemory, 1);
  return Math.trunc((1 - Math.abs(cpu - memory) / 2) * 100);
}
