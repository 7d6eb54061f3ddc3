import { describe, expect, it } from "vitest";
import { differencePhrase, pPhrase, seedCount, withUnit } from "./comparison-phrases.ts";

const interval = (low: number, high: number) => ({ low, high, coverage: 0.9586 });

describe("differencePhrase", () => {
  it("says which way and how far", () => {
    const phrase = (low: number, high: number) => differencePhrase(0, interval(low, high), "s", 0.95);
    expect(phrase(2.1, 3.4)).toBe("higher by 2.1 to 3.4 s (95 % interval of the median difference)");
    expect(phrase(-3.4, -2.1)).toBe("lower by 2.1 to 3.4 s (95 % interval of the median difference)");
    expect(phrase(-3.4, 0)).toBe("lower by 0 to 3.4 s (95 % interval of the median difference)");
    expect(phrase(-1, 2)).toBe("between 1 s lower and 2 s higher (95 % interval of the median difference)");
    expect(phrase(0, 0)).toBe("equal (95 % interval of the median difference)");
  });

  it("says so when there is no interval", () => {
    expect(differencePhrase(-2, undefined, undefined, 0.95)).toBe(
      "lower by 2 in the median (too few seeds for a 95 % interval)",
    );
    expect(differencePhrase(2, undefined, "points", undefined)).toBe("higher by 2 points");
  });
});

it("never rounds p across alpha", () => {
  expect(pPhrase(0.000192, 0.05)).toBe("p = 0.00019");
  expect(pPhrase(0.05004, 0.05)).toBe("p = 0.05004");
  expect(pPhrase(1e-9, 0.05)).toBe("p < 0.0001");
  expect(pPhrase(1, 0.05)).toBe("p = 1");
});

it("rounds to three digits, whole numbers from 100 up", () => {
  expect(withUnit(2.12345, "s")).toBe("2.12 s");
  expect(withUnit(1234.5678, undefined)).toBe("1235");
  expect([seedCount(1), seedCount(20)]).toEqual(["1 seed", "20 seeds"]);
});
