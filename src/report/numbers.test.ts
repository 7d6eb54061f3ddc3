import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { count, figure, listed, range, seedList, signed, signedRange, tick, withUnit } from "./numbers.ts";

describe("numbers for people", () => {
  it("have three significant digits, and whole numbers from 100 up", () => {
    expect([2.1349, 2.1, 91, 0.012345, 99.96, 1234.5, 12345678, 0].map(figure)).toEqual([
      "2.13",
      "2.10",
      "91",
      "0.0123",
      "100",
      "1,235",
      "12,345,678",
      "0",
    ]);
  });

  it("carry a sign when they are differences", () => {
    expect([2.5, -2.5, 0, -0, -1234].map(signed)).toEqual(["+2.50", "\u22122.50", "0", "0", "\u22121,234"]);
    expect(signedRange(-0.5, 1.25)).toBe("\u22120.500 to +1.25");
  });

  it("carry their unit", () => {
    expect(withUnit(92.13, "percent")).toBe("92.1 %");
    expect(withUnit(3, "seconds")).toBe("3 s");
    expect(withUnit(0.25, "ratio")).toBe("0.250");
    expect(withUnit(12, "pods")).toBe("12 pods");
  });

  it("are short on an axis", () => {
    expect([2.5, 1087.8, -0.30000000000000004].map(tick)).toEqual(["2.5", "1,088", "\u22120.3"]);
  });

  it("say what is missing", () => {
    expect(figure(Number.NaN)).toBe("\u2013");
  });

  it("collapse a range whose ends read the same", () => {
    expect(range(2.1, 3.4)).toBe("2.10 to 3.40");
    expect(range(2.1001, 2.1002)).toBe("2.10");
  });

  it("name seeds by their ends when there is no gap", () => {
    expect(seedList([42, 43, 44])).toBe("42\u201344");
    expect(seedList([42, 44, 45])).toBe("42, 44, 45");
    expect(seedList([7])).toBe("7");
  });

  it("count and list in words", () => {
    expect([count(1, "seed"), count(1200, "seed"), count(2, "policy", "policies")]).toEqual([
      "1 seed",
      "1,200 seeds",
      "2 policies",
    ]);
    expect([listed(["a"]), listed(["a", "b", "c"])]).toEqual(["a", "a, b and c"]);
  });

  it("never differ from the value by more than half a unit of the third digit", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        const read = Number(figure(value).replaceAll(",", "").replace("\u2212", "-"));
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.max(0.5, 0.005001 * Math.abs(value)));
      }),
    );
  });
});
