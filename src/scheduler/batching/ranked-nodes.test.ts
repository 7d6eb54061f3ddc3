import { describe, expect, it } from "vitest";
import type { TieBreak } from "../profile.ts";
import { RankedNodes } from "./ranked-nodes.ts";

function ranked(totals: readonly number[], tieBreak: TieBreak = "upstream", rows = totals.map((_, i) => i)) {
  return new RankedNodes({
    rows: Uint32Array.from(rows),
    totals: Float64Array.from(totals),
    raw: [Int32Array.from(totals), undefined],
    tieBreak,
    // The later row comes first in node order.
    positions: Int32Array.from(rows, (_, row) => rows.length - row),
    pod: 7,
    seed: 1,
  });
}

function popAll(nodes: RankedNodes): number[] {
  return Array.from({ length: nodes.size }, () => nodes.pop());
}

describe("RankedNodes", () => {
  // Computed from upstream's heap (pkg/scheduler/schedule_one.go: selectHost).
  it.each([
    [
      [1, 2, 5, 5],
      [3, 2, 1, 0],
    ],
    [
      [5, 5, 5],
      [0, 2, 1],
    ],
    [
      [90, 100, 100, 80],
      [1, 2, 0, 3],
    ],
    [
      [5, 5, 5, 5, 5],
      [0, 4, 3, 2, 1],
    ],
    [
      [1, 5, 5, 5, 5],
      [1, 4, 3, 2, 0],
    ],
    [
      [5, 5, 5, 5, 5, 5, 5],
      [0, 6, 5, 4, 3, 2, 1],
    ],
    [
      [1, 1, 2, 2, 2, 1],
      [3, 4, 2, 1, 0, 5],
    ],
    [
      [2, 1, 1, 2],
      [0, 3, 2, 1],
    ],
  ])("gives nodes with totals %j in the order %j, as upstream's heap does", (totals, order) => {
    expect(popAll(ranked(totals))).toEqual(order);
  });

  it("goes by node order among equals under rule `first`", () => {
    expect(popAll(ranked([5, 5, 9, 5], "first"))).toEqual([2, 3, 1, 0]);
  });

  it("takes out whichever of the best was chosen, and keeps scores beside their nodes", () => {
    const nodes = ranked([5, 9, 9, 9, 1], "random");
    nodes.remove(3);
    expect(nodes.size).toBe(4);
    const scores = nodes.raw[0]!;
    expect(Object.fromEntries(Array.from(nodes.rows, (row, i) => [row, scores[i]]))).toEqual({
      0: 5,
      1: 9,
      2: 9,
      4: 1,
    });
    expect(nodes.raw[1]).toBeUndefined();
    expect(popAll(nodes).slice(2)).toEqual([0, 4]);
  });
});
