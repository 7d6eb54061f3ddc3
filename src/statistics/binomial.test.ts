import { describe, expect, it } from "vitest";
import { binomialLowerTail } from "./binomial.ts";

describe("binomialLowerTail", () => {
  it("counts heads of six coins exactly: 1, 7, 22, 42, 57, 63, 64 of 64", () => {
    expect([...binomialLowerTail(6)]).toEqual([1, 7, 22, 42, 57, 63, 64].map((count) => count / 64));
  });

  it("agrees with the powers of the chance at both ends", () => {
    const tail = binomialLowerTail(10, 0.3);
    expect(tail[0]).toBeCloseTo(0.7 ** 10, 15);
    expect(1 - tail[9]).toBeCloseTo(0.3 ** 10, 15);
    expect(tail[10]).toBe(1);
  });

  it("agrees with whole-number arithmetic for 400 coins, in relative terms far into the tail", () => {
    const tail = binomialLowerTail(400);
    let coefficient = 1n;
    let sum = 0n;
    for (let k = 0; k <= 400; k++) {
      sum += coefficient;
      const exact = Number((sum << 700n) / (1n << 400n)) / 2 ** 700;
      expect(Math.abs(tail[k] / exact - 1)).toBeLessThan(1e-12);
      coefficient = (coefficient * BigInt(400 - k)) / BigInt(k + 1);
    }
  });

  it("neither overflows nor underflows where it matters, for many trials", () => {
    const tail = binomialLowerTail(99_999);
    expect(tail[49_999]).toBeCloseTo(0.5, 12);
    expect(tail.every((chance, k) => k === 0 || chance >= tail[k - 1])).toBe(true);
  });
});
