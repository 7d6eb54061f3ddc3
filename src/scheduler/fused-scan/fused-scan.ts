import { InvariantViolation } from "../../base/errors.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { OtherScore } from "../placement-index/choice.ts";
import type { IndexedAttempt } from "../placement-index/indexed-attempt.ts";
import type { Window } from "../placement-index/window.ts";
import type { Profile } from "../profile.ts";
import type { Filter, Selection } from "../selection.ts";
import { choosePlace, type TieRule } from "./choose-place.ts";
import { FusedPlan } from "./fused-plan.ts";
import type { Kernel } from "./kernel.ts";
import { NodeMirror } from "./node-mirror.ts";
import { PlainKernel } from "./plain-kernel.ts";
import { wasmKernel } from "./wasm-kernel.ts";

/** Rows looked at in one go at least: where few are feasible, the number wanted says little. */
const SMALLEST_STRETCH = 64;

/**
 * Decides as the scan does, by one pass of a kernel over columns in node order that filters and scores at once: for pods of which
 * nothing is kept. Plugins that have no numbers for the kernel are asked as the scan asks them, filters before it and scores after it.
 * Where it cannot decide it says so, and the scan does.
 */
export class FusedScan {
  readonly #cluster: Cluster;
  readonly #tieRule: TieRule;
  readonly #plan: FusedPlan;
  readonly #mirror: NodeMirror;
  /** Totals fit in int32. */
  readonly #countable: boolean;
  #rows: Selection = { rows: new Uint32Array(0), length: 0 };
  #scores = new Int32Array(0);
  /** The last decision, and the kernel that it was made with. */
  #last: { readonly kernel: Kernel; readonly window: Window } | undefined;

  constructor(cluster: Cluster, profile: Profile, seed: number, kernelOf = fastestKernel) {
    this.#cluster = cluster;
    this.#tieRule = { rule: profile.tieBreak, seed };
    this.#plan = new FusedPlan(profile.plugins);
    this.#mirror = new NodeMirror(kernelOf);
    this.#countable = profile.plugins.reduce((sum, { weight = 1 }) => sum + weight * 100, 0) < 2 ** 31;
  }

  /** The feasible nodes of the last decision, in the order found. */
  feasible({ order }: NodeColumns): Selection {
    const { kernel, window } = this.#last!;
    return gather(kernel, window, order, { rows: new Uint32Array(window.found), length: 0 });
  }

  /** The window that was looked at, with the choice in the outcome; undefined when the scan must decide, as where no node is feasible. */
  decide(attempt: IndexedAttempt): Window | undefined {
    const { cycle, outcome, start } = attempt;
    const { nodes, pod } = cycle;
    const { order } = nodes;
    if (!this.#countable || nodes.hugeNodes > 0 || pod.huge || order.length === 0) return undefined;
    const plan = this.#plan;
    if (!plan.make(cycle)) return undefined;
    const kernel = this.#mirror.kernel(nodes, this.#cluster.changes);
    if (kernel === undefined) return undefined;
    this.#reserve(order.length);
    plan.write(kernel.block.amounts);
    try {
      const window = this.#search(kernel, attempt);
      if (window.found === 0) return undefined;
      const place =
        window.found === 1 ? this.#onlyPlace(kernel, attempt) : this.#bestPlace(kernel, window, attempt);
      if (place === -1) return undefined;
      outcome.node = order[(start + place) % order.length]!;
      outcome.feasible = window.found;
      outcome.evaluated = window.looked;
      this.#last = { kernel, window };
      return window;
    } catch (error) {
      if (error instanceof InvariantViolation) return undefined;
      throw error;
    }
  }

  #search(kernel: Kernel, { cycle: { nodes }, start, wanted }: IndexedAttempt): Window {
    const { filters, most } = this.#plan;
    const { totals } = kernel.block;
    const { order } = nodes;
    const { length } = order;
    const masked = filters.length > 0;
    let looked = 0;
    let found = 0;
    while (looked < length && found <= wanted) {
      const row = start + looked < length ? start + looked : start + looked - length;
      const enough = Math.max(SMALLEST_STRETCH, wanted + 1 - found);
      const size = Math.min(enough, length - looked, length - row);
      if (masked) this.#mask(kernel, filters, nodes, row, size);
      found += most ? kernel.most(row, size, looked, masked) : kernel.least(row, size, looked, masked);
      looked += size;
    }
    // The search ends at the feasible row behind the last one wanted.
    while (found > wanted) if (totals[--looked] >= 0) found--;
    return { start, looked, found, length };
  }

  #mask(
    { block: { mask } }: Kernel,
    filters: readonly Filter[],
    { order, positions }: NodeColumns,
    from: number,
    size: number,
  ): void {
    const candidates = this.#rows;
    const { rows } = candidates;
    for (let i = 0; i < size; i++) rows[i] = order[from + i]!;
    candidates.length = size;
    for (let f = 0; f < filters.length && candidates.length > 0; f++) filters[f](candidates);
    mask.fill(-1, from, from + size);
    for (let i = 0; i < candidates.length; i++) mask[positions[rows[i]]] = 0;
  }

  #onlyPlace({ block: { totals } }: Kernel, { outcome }: IndexedAttempt): number {
    outcome.tied = 1;
    let place = 0;
    while (totals[place] < 0) place++;
    return place;
  }

  /** -1 when a score leaves 0..100. */
  #bestPlace(kernel: Kernel, window: Window, attempt: IndexedAttempt): number {
    const { cycle, outcome } = attempt;
    const { looked } = window;
    const { scores, constant } = this.#plan;
    if (scores.length > 0 && !this.#addScores(kernel, window, scores, cycle.nodes.order)) return -1;
    const best = kernel.best(looked);
    const count = kernel.ties(looked, best);
    outcome.score = best + constant;
    outcome.tied = count;
    return choosePlace(this.#tieRule, kernel.block, window, attempt, best, count);
  }

  #addScores(kernel: Kernel, window: Window, others: readonly OtherScore[], order: Uint32Array): boolean {
    const { totals } = kernel.block;
    const feasible = gather(kernel, window, order, this.#rows);
    const scores = this.#scores;
    for (const { score, weight, normalize } of others) {
      score(feasible, scores);
      normalize?.(scores, feasible);
      for (let i = 0, place = 0; i < feasible.length; place++) {
        if (totals[place] < 0) continue;
        const value = scores[i++];
        if (value < 0 || value > 100) return false;
        totals[place] += value * weight;
      }
    }
    return true;
  }

  #reserve(rows: number): void {
    if (this.#scores.length >= rows) return;
    this.#scores = new Int32Array(rows);
    this.#rows = { rows: new Uint32Array(rows), length: 0 };
  }
}

function gather(
  { block: { totals } }: Kernel,
  { start, looked, length }: Window,
  order: Uint32Array,
  into: Selection,
): Selection {
  let count = 0;
  for (let place = 0; place < looked; place++) {
    if (totals[place] >= 0) into.rows[count++] = order[(start + place) % length]!;
  }
  into.length = count;
  return into;
}

/** The kernel of WebAssembly, where there is such a thing. */
function fastestKernel(rows: number): Kernel {
  return wasmKernel(rows) ?? new PlainKernel(rows);
}
