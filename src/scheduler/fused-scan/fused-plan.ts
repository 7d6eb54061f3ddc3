import { InvariantViolation } from "../../base/errors.ts";
import type { OtherScore } from "../placement-index/choice.ts";
import { type Cycle, everyNode, type Plugin, zeroForEveryNode } from "../plugin.ts";
import { pluginScore } from "../plugin-score.ts";
import type { ProfilePlugin } from "../profile.ts";
import { readsOf } from "../reads-of.ts";
import type { AllocationScore, BalanceScore, RowKernel } from "../row-kernel.ts";
import { rowKernelOf } from "../row-kernel-of.ts";
import type { Filter } from "../selection.ts";
import { AMOUNT } from "./kernel.ts";

type Member = Required<Omit<ProfilePlugin, "plugin">> & { readonly plugin: Plugin };

/**
 * What the plugins of a profile have to say about one pod at a time: in numbers for the kernel, and what is left to be asked of each
 * node. One object, overwritten for the next pod.
 */
export class FusedPlan {
  /** Those that filter or score. */
  readonly #members: readonly Member[];
  readonly filters: Filter[] = [];
  readonly scores: OtherScore[] = [];
  /** What the scores come to that are the same for every node. */
  constant = 0;
  #fit: RowKernel["fit"];
  #allocation: AllocationScore | undefined;
  #allocationWeight = 0;
  #balance: BalanceScore | undefined;
  #balanceWeight = 0;
  readonly #one = new Int32Array(1);
  readonly #oneRow = { rows: new Uint32Array(1), length: 1 };

  constructor(plugins: readonly ProfilePlugin[]) {
    this.#members = plugins
      .map(({ plugin, weight = 1 }) => ({ plugin, weight }))
      .filter(({ plugin }) => plugin.preFilter ?? plugin.filter ?? plugin.score);
  }

  /** False when PreFilter has a say, a plugin fails, or there is nothing for a kernel to do: then the nodes are to be asked one by one. */
  make(cycle: Cycle): boolean {
    this.filters.length = 0;
    this.scores.length = 0;
    this.constant = 0;
    this.#fit = undefined;
    this.#allocation = undefined;
    this.#balance = undefined;
    try {
      for (let i = 0; i < this.#members.length; i++) if (!this.#ask(this.#members[i], cycle)) return false;
    } catch (error) {
      if (error instanceof InvariantViolation) return false;
      throw error;
    }
    return this.#fit !== undefined || this.#allocation !== undefined || this.#balance !== undefined;
  }

  /** Whether the kernel is to score by what is taken, not by what is free. */
  get most(): boolean {
    return this.#allocation?.of === "most";
  }

  write(amounts: Float64Array): void {
    const fit = this.#fit;
    // Nothing is less than that, not even what is left of nodes that take no more pods.
    amounts[AMOUNT.fitCpu] = fit?.cpu ?? Number.NEGATIVE_INFINITY;
    amounts[AMOUNT.fitMemory] = fit?.memory ?? Number.NEGATIVE_INFINITY;
    amounts[AMOUNT.fitStorage] = fit?.storage ?? Number.NEGATIVE_INFINITY;
    const allocation = this.#allocation;
    amounts[AMOUNT.cpu] = allocation?.cpu ?? 0;
    amounts[AMOUNT.memory] = allocation?.memory ?? 0;
    const cpuWeight = allocation?.cpuWeight ?? 1;
    const memoryWeight = allocation?.memoryWeight ?? 1;
    amounts[AMOUNT.cpuWeight] = cpuWeight;
    amounts[AMOUNT.memoryWeight] = memoryWeight;
    amounts[AMOUNT.part] = 1 / (cpuWeight + memoryWeight);
    amounts[AMOUNT.allocationWeight] = allocation === undefined ? 0 : this.#allocationWeight;
    const balance = this.#balance;
    amounts[AMOUNT.balancedCpu] = balance?.cpu ?? 0;
    amounts[AMOUNT.balancedMemory] = balance?.memory ?? 0;
    amounts[AMOUNT.balanceWeight] = balance === undefined ? 0 : this.#balanceWeight;
  }

  #ask({ plugin, weight }: Member, cycle: Cycle): boolean {
    const kernel = rowKernelOf(plugin, cycle);
    if (kernel !== undefined) {
      if (plugin.preFilter?.(cycle) !== undefined) return false;
      const { fit, score } = kernel;
      if (fit !== undefined) {
        if (this.#fit !== undefined) return false;
        this.#fit = fit;
        if (fit.rest !== undefined) this.filters.push(fit.rest);
      }
      return score === undefined || this.#take(score, weight);
    }
    const reads = readsOf(plugin, cycle.pod);
    if (reads === "nothing") return true;
    if (plugin.preFilter?.(cycle) !== undefined) return false;
    const filter = plugin.filter?.(cycle);
    if (filter !== undefined && filter !== everyNode) this.filters.push(filter);
    const scoring = pluginScore(plugin, cycle);
    if (scoring === undefined) return true;
    const { score, normalizeScore: normalize } = scoring;
    if (score !== zeroForEveryNode || (normalize !== undefined && reads === "cluster")) {
      this.scores.push({ score, weight, normalize });
    } else if (normalize !== undefined) {
      // It normalises by the set of raw scores, and that is the same however many nodes there are.
      this.#one[0] = 0;
      this.#oneRow.rows[0] = cycle.nodes.order[0]!;
      normalize(this.#one, this.#oneRow);
      this.constant += this.#one[0] * weight;
    }
    return true;
  }

  #take(score: AllocationScore | BalanceScore, weight: number): boolean {
    if (score.of === "balance") {
      if (this.#balance !== undefined) return false;
      this.#balance = score;
      this.#balanceWeight = weight;
    } else {
      if (this.#allocation !== undefined) return false;
      this.#allocation = score;
      this.#allocationWeight = weight;
    }
    return true;
  }
}
