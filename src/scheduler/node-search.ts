import { InvariantViolation } from "../base/errors.ts";
import type { NodeColumns } from "../cluster/node-columns.ts";
import type { AttemptFilters } from "./attempt-filters.ts";
import type { CandidateSet } from "./pre-filter.ts";
import type { Selection } from "./selection.ts";

/** Nodes offered to the filters at once: enough to pay for a round, few enough to stop early. */
const SMALLEST_CHUNK = 64;

/** Where one search looks. */
export interface SearchedNodes {
  readonly nodes: NodeColumns;
  readonly candidates: CandidateSet;
  /** A place among the candidates, modulo their number. */
  readonly start: number;
  /** How many feasible nodes to look for. */
  readonly wanted: number;
  /** The node that was tried before all others, and rejected; -1 for none. */
  readonly rejected: number;
}

/** The search for feasible nodes, one attempt at a time (upstream: findNodesThatPassFilters in pkg/scheduler/schedule_one.go). */
export class NodeSearch {
  readonly #filters: AttemptFilters;
  #chunk: Selection = { rows: new Uint32Array(0), length: 0 };
  #feasible: Selection = { rows: new Uint32Array(0), length: 0 };
  #looked = 0;
  #evaluated = 0;

  constructor(filters: AttemptFilters) {
    this.#filters = filters;
  }

  /** In the order found; whoever narrows them further does so in place. */
  get feasible(): Selection {
    return this.#feasible;
  }

  /** Nodes that the last search found feasible or rejected, also when an error ended it. */
  get evaluated(): number {
    return this.#evaluated;
  }

  /** Before each attempt. */
  forget(): void {
    this.#feasible.length = 0;
    this.#evaluated = 0;
  }

  /** Room for so many candidates. */
  reserve(total: number): void {
    if (this.#chunk.rows.length > total) return;
    this.#chunk = { rows: new Uint32Array(total + 1), length: 0 };
    this.#feasible = { rows: new Uint32Array(total + SMALLEST_CHUNK), length: 0 };
  }

  /**
   * Looks at one node by itself; when it passes it is the only feasible one. An error there is forgotten (upstream logs it): the
   * search goes on as if the node had not been tried.
   */
  tryFirst(node: number): "passed" | "rejected" | "failed" {
    const chunk = this.#chunk;
    chunk.rows[0] = node;
    chunk.length = 1;
    try {
      this.#filters.apply(chunk);
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      return "failed";
    }
    if (chunk.length === 0) return "rejected";
    this.#keep();
    this.#evaluated = 1;
    return "passed";
  }

  /**
   * Visits candidates from the rotating start until one more than wanted is feasible; the next search starts with that one.
   * @throws InvariantViolation from a filter; the node of which it failed counts as little as those after it
   */
  search(where: SearchedNodes): void {
    const { candidates, nodes, wanted, rejected } = where;
    const order = candidates.nodes ?? nodes.order;
    const start = order.length === 0 ? 0 : where.start % order.length;
    const distance = (node: number): number => {
      const place = candidates.nodes?.indexOf(node) ?? nodes.positions[node];
      return place === -1 ? Number.POSITIVE_INFINITY : (place - start + order.length) % order.length;
    };
    try {
      this.#lookTwice(order, start, wanted, rejected);
      const feasible = this.#feasible;
      if (feasible.length > wanted) {
        this.#looked = distance(feasible.rows[wanted]);
        feasible.length = wanted;
      }
    } finally {
      // A node tried first that failed counts also when the search ended before it, or never came to it.
      const further = rejected !== -1 && !(distance(rejected) < this.#looked);
      this.#evaluated = this.#looked + Number(further);
    }
  }

  /** When a filter fails, node by node: that shows whether the search comes so far at all, and which nodes were looked at before. */
  #lookTwice(order: Uint32Array, start: number, wanted: number, rejected: number): void {
    try {
      this.#look(order, start, wanted, SMALLEST_CHUNK);
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      this.#feasible.length = 0;
      this.#filters.forgetRejections();
      if (rejected !== -1) this.tryFirst(rejected);
      this.#look(order, start, wanted, 1);
    }
  }

  /** Filters so many nodes at once, or more where more are wanted; with 1, node by node. */
  #look(order: Uint32Array, start: number, wanted: number, smallest: number): void {
    const total = order.length;
    const feasible = this.#feasible;
    this.#looked = 0;
    while (this.#looked < total && feasible.length <= wanted) {
      const enough = smallest === 1 ? 1 : Math.max(smallest, wanted + 1 - feasible.length);
      const size = Math.min(total - this.#looked, enough);
      this.#offer(order, (start + this.#looked) % total, size);
      this.#filters.apply(this.#chunk);
      this.#keep();
      this.#looked += size;
    }
  }

  #offer(order: Uint32Array, from: number, size: number): void {
    const { rows } = this.#chunk;
    const beforeWrap = Math.min(size, order.length - from);
    for (let i = 0; i < beforeWrap; i++) rows[i] = order[from + i]!;
    for (let i = beforeWrap; i < size; i++) rows[i] = order[i - beforeWrap]!;
    this.#chunk.length = size;
  }

  #keep(): void {
    const { rows, length } = this.#chunk;
    const feasible = this.#feasible;
    for (let i = 0; i < length; i++) feasible.rows[feasible.length + i] = rows[i]!;
    feasible.length += length;
  }
}
