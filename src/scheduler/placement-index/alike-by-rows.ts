import type { NodeColumns } from "../../cluster/node-columns.ts";
import type { RowIndex } from "./row-index.ts";

/**
 * What a scan of the sampled nodes costs, in rows that could be brought up to date meanwhile: so much to ask the plugins, and one
 * for so many nodes (measured; the SIMD kernel takes 4.2 ns a node, a row in the log 15 to 20 ns).
 */
const ASKING = 100;
const NODES_PER_ROW = 4;

/** Pods that are alike to all plugins that read rows, and their index: made, and kept up to date, for as long as that pays. */
export class AlikeByRows {
  /** Once; an index is for those seen again. */
  seen = false;
  index: RowIndex | undefined;
  lastUse = 0;
  /** Only an index can tell of them. */
  insisted = false;
  /** Where the change log ended when they were last asked about. */
  #askedAt = 0;
  /** What scans have cost since it was up to date. */
  #spent = 0;

  /**
   * Whether to bring the index up to date rather than look at the nodes once. It is when that costs no more, or when scans have cost as
   * much since: at worst both are paid. Pods that come back only after much has changed never get that far.
   */
  pays(logEnd: number, { order, epoch }: NodeColumns, wanted: number): boolean {
    const since = logEnd - this.#askedAt;
    this.#askedAt = logEnd;
    if (this.insisted) return true;
    const { index } = this;
    const behind =
      index === undefined || index.epoch !== epoch
        ? order.length
        : Math.min(logEnd - index.position, order.length);
    const scan = ASKING + Math.min(wanted, order.length) / NODES_PER_ROW;
    if (behind > scan) {
      if (since > scan) return false;
      this.#spent += scan;
      if (this.#spent < behind) return false;
    }
    this.#spent = 0;
    return true;
  }
}
