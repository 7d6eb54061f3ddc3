import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rankBiserial } from "./rank-biserial.ts";

describe("rankBiserial", () => {
  it("is (96 - 24) / 120 for Darwin's maize", () => {
    expect(rankBiserial([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48])).toBe(0.6);
  });

  it("is 1 when every seed that differs is higher, and 0 when none differs", () => {
    expect(rankBiserial([0, 1, 2])).toBe(1);
    expect(rankBiserial([-3, -1])).toBe(-1);
    expect(rankBiserial([0, 0])).toBe(0);
  });

  it("always lies in -1..1 and turns with the signs", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 30 }), (differences) => {
        const effect = rankBiserial(differences);
        expect(Math.abs(effect)).toBeLessThanOrEqual(1);
        expect(rankBiserial(differences.map((d) => -d)) + effect).toBe(0);
      }),
    );
  });
});
