import { describe, expect, it } from "vitest";
import { bestFit } from "../plugins/best-fit.ts";
import { nodeAffinity } from "../plugins/node-affinity.ts";
import { taintToleration } from "../plugins/taint-toleration.ts";
import type { Plugin } from "../scheduler/plugin.ts";
import { normalizeBetween } from "./normalize-between.ts";
import { normalizeByGreatest } from "./normalize-by-greatest.ts";

/** Scores 0..100 between all pairs of extremes: a few wrong orders of operations differ at two of them only. */
function* lists(): Generator<number[]> {
  for (let low = 0; low <= 100; low++) {
    for (let high = low; high <= 100; high++) {
      yield Array.from({ length: high - low + 1 }, (_, i) => low + i);
    }
  }
}

function firstDifference(
  fast: (scores: readonly number[]) => readonly number[],
  slow: (scores: readonly bigint[]) => readonly bigint[],
): number[] | undefined {
  for (const scores of lists()) {
    const expected = slow(scores.map(BigInt)).map(Number);
    if (fast(scores).some((score, i) => score !== expected[i])) return scores;
  }
  return undefined;
}

function normalizedBy(plugin: Plugin): (scores: readonly number[]) => number[] {
  return (scores) => {
    const column = Int32Array.from(scores);
    plugin.normalizeScore?.(column, { rows: new Uint32Array(scores.length), length: scores.length });
    return [...column];
  };
}

describe("normalisation", () => {
  it("always scales as the reference does, over every range within 0..100", () => {
    expect(firstDifference(normalizedBy(bestFit), normalizeBetween)).toBeUndefined();
    expect(
      firstDifference(normalizedBy(nodeAffinity()), (s) => normalizeByGreatest(s, false)),
    ).toBeUndefined();
    expect(
      firstDifference(normalizedBy(taintToleration()), (s) => normalizeByGreatest(s, true)),
    ).toBeUndefined();
  });

  it("is told apart from other orders of operations, which random clusters hardly ever do", () => {
    const ratioFirst = (scores: readonly number[]) => {
      const [low, high] = [Math.min(...scores), Math.max(...scores)];
      return scores.map((score) => (high === low ? 0 : Math.trunc(((score - low) / (high - low)) * 100)));
    };
    expect(firstDifference(ratioFirst, normalizeBetween)).toBeDefined();
    const greatestFirst = (scores: readonly number[]) => {
      const high = Math.max(...scores);
      return scores.map((score) => (high === 0 ? 0 : Math.trunc((score / high) * 100)));
    };
    expect(firstDifference(greatestFirst, (s) => normalizeByGreatest(s, false))).toBeDefined();
    const subtractFirst = (scores: readonly number[]) => {
      const high = Math.max(...scores);
      return scores.map((score) => (high === 0 ? 100 : Math.trunc(100 - (100 * score) / high)));
    };
    expect(firstDifference(subtractFirst, (s) => normalizeByGreatest(s, true))).toBeDefined();
  });
});
