import { describe, expect, it } from "vitest";
import { breakTie, nextInPreOrder } from "./tie-break.ts";

/** The literal rule: build the heap, look at its root (upstream: container/heap Init, nodeScoreHeap). */
function literalHeapRoot(totals: readonly number[]): number {
  const heap = totals.map((_, i) => i);
  const better = (x: number, y: number) => totals[heap[x]] > totals[heap[y]];
  for (let start = Math.trunc(heap.length / 2) - 1; start >= 0; start--) {
    let i = start;
    for (;;) {
      const left = 2 * i + 1;
      if (left >= heap.length) break;
      const child = left + 1 < heap.length && better(left + 1, left) ? left + 1 : left;
      if (!better(child, i)) break;
      [heap[i], heap[child]] = [heap[child], heap[i]];
      i = child;
    }
  }
  return heap[0];
}

function pick(rule: "upstream" | "first" | "random", totals: readonly number[], attempt = 1): number {
  const best = Math.max(...totals);
  const ranks = Int32Array.from(totals.flatMap((total, rank) => (total === best ? [rank] : [])));
  const rows = Uint32Array.from(totals.keys());
  const positions = rows.map((row) => (row + 2) % totals.length);
  return breakTie(rule, { ranks, count: ranks.length, rows, positions, pod: 7, attempt }, 42);
}

describe("nextInPreOrder", () => {
  it("visits a node, its left subtree and its right one, in heaps of every size up to 40", () => {
    const preOrder = (place: number, count: number): number[] =>
      place >= count ? [] : [place, ...preOrder(2 * place + 1, count), ...preOrder(2 * place + 2, count)];
    for (let count = 1; count <= 40; count++) {
      const visited = [0];
      while (visited.length < count) visited.push(nextInPreOrder(visited.at(-1)!, count));
      expect(visited).toEqual(preOrder(0, count));
    }
  });
});

describe("breakTie", () => {
  it.each([
    [[1, 2, 5, 5], 3],
    [[5, 5, 5], 0],
    [[90, 100, 100, 80], 1],
    [[1, 5, 5, 5, 5], 1],
    [[1, 1, 2, 2, 2, 1], 3],
    [[435, 447, 454, 454], 3],
  ])("takes upstream's pick of %j", (totals, expected) => {
    expect(pick("upstream", totals)).toBe(expected);
  });

  it("agrees with the literal heap on every list of up to 9 totals of 3 values", () => {
    for (let length = 1; length <= 9; length++) {
      for (let code = 0; code < 3 ** length; code++) {
        const totals = Array.from({ length }, (_, i) => Math.trunc(code / 3 ** i) % 3);
        expect(pick("upstream", totals)).toBe(literalHeapRoot(totals));
      }
    }
  });

  it("takes the first of the best in node order, which a wrapped search visits late", () => {
    // Positions are 2, 3, 0, 1: the third visited node is the first of the order.
    expect(pick("first", [5, 5, 5, 5])).toBe(2);
    expect(pick("first", [5, 5, 1, 1])).toBe(0);
  });

  it("draws from the tied ones only, another one for another attempt sooner or later", () => {
    const drawn = new Set(Array.from({ length: 50 }, (_, attempt) => pick("random", [9, 1, 9, 9], attempt)));
    expect([...drawn].sort((a, b) => a - b)).toEqual([0, 2, 3]);
  });
});
