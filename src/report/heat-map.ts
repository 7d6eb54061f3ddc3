import type { CompletedTrial } from "../experiment/trial-result.ts";

/** More cells than this cannot be told apart on a screen, and the page would be slow. */
const MOST_CELLS = 4096;

/** How full every node is at the end of one trial: the first completed seed of each policy. */
export interface HeatMap {
  readonly policy: string;
  readonly seed: number;
  readonly resources: readonly string[];
  /** Neighbouring nodes that share a cell, which shows their mean; 1 unless the cluster is large. */
  readonly nodesPerCell: number;
  /** `percent[resource][cell]`: allocated share in percent to two decimals; null where there is no node or none of the resource. */
  readonly percent: readonly (readonly (number | null)[])[];
  /** Pods on the cell's nodes. */
  readonly pods: readonly number[];
}

export function heatMap({ policy, seed, measured }: CompletedTrial): HeatMap {
  const { resources, percent, pods } = measured.nodesAtEnd;
  const nodesPerCell = Math.max(1, Math.ceil(pods.length / MOST_CELLS));
  const starts = Array.from(
    { length: Math.ceil(pods.length / nodesPerCell) },
    (_, cell) => cell * nodesPerCell,
  );
  return {
    policy,
    seed,
    resources,
    nodesPerCell,
    percent: percent.map((column) =>
      starts.map((start) => meanOf(column.subarray(start, start + nodesPerCell))),
    ),
    pods: starts.map((start) => pods.subarray(start, start + nodesPerCell).reduce((sum, n) => sum + n, 0)),
  };
}

function meanOf(shares: Float64Array): number | null {
  const present = shares.filter((share) => !Number.isNaN(share));
  if (present.length === 0) return null;
  const sum = present.reduce((total, share) => total + share, 0);
  return Math.round((100 * sum) / present.length) / 100;
}
