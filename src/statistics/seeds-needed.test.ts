import { expect, it } from "vitest";
import { seedsNeeded } from "./seeds-needed.ts";
import { signedRank } from "./signed-rank.ts";

it("is 6 for one row, 7 for three, 9 for twelve", () => {
  expect([1, 3, 12].map((rows) => seedsNeeded(rows))).toEqual([6, 7, 9]);
  expect(seedsNeeded(1, 0.01)).toBe(8);
});

it("is the first number with which the clearest data could be significant", () => {
  for (const rows of [1, 2, 5, 24]) {
    const clearest = (n: number) => rows * signedRank(Array.from({ length: n }, () => 1)).p;
    expect(clearest(seedsNeeded(rows))).toBeLessThanOrEqual(0.05);
    expect(clearest(seedsNeeded(rows) - 1)).toBeGreaterThan(0.05);
  }
});
