import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addQuantity,
  compareQuantity,
  formatQuantity,
  milliValue,
  parseQuantity,
  type Quantity,
  QuantityError,
  wholeValue,
} from "./quantity.ts";

const suffixes = ["", "n", "u", "m", "k", "M", "G", "Ki", "Mi", "Gi", "e3", "E-2", "e+1"];

/** Texts of the grammar, within the range that is neither rounded nor capped. */
const quantityText = fc
  .record({
    sign: fc.constantFrom("", "-", "+"),
    whole: fc.nat({ max: 999_999 }),
    fraction: fc.constantFrom("", ".", ".5", ".25", ".125"),
    suffix: fc.constantFrom(...suffixes),
  })
  .map(({ sign, whole, fraction, suffix }) => `${sign}${whole}${suffix === "n" ? "" : fraction}${suffix}`);

describe("parseQuantity", () => {
  it.each([
    ["250m", 250n, 1n],
    ["2", 2000n, 2n],
    [0.35, 350n, 1n],
    ["0.1m", 1n, 1n],
    ["-0.1m", -1n, -1n],
    ["1500m", 1500n, 2n],
    ["0.5Gi", 536_870_912_000n, 536_870_912n],
    ["1.5k", 1_500_000n, 1500n],
    [".5", 500n, 1n],
    ["5.", 5000n, 5n],
    ["1e3", 1_000_000n, 1000n],
    ["1E", 10n ** 21n, 10n ** 18n],
    ["1E3", 1_000_000n, 1000n],
    ["100u", 1n, 1n],
    ["+1Ki", 1_024_000n, 1024n],
    ["6Ei", 6n * 2n ** 60n * 1000n, 6n * 2n ** 60n],
    [1e-7, 1n, 1n],
  ])("reads %s as %s thousandths, or %s whole units", (text, milli, whole) => {
    expect(milliValue(parseQuantity(text))).toBe(milli);
    expect(wholeValue(parseQuantity(text))).toBe(whole);
  });

  it.each(["two", "", "1K", "1 Gi", "0x10", "1e", "--1", ".", "1mi", "1Gi2", "1.2.3"])(
    "refuses %j",
    (text) => {
      expect(() => parseQuantity(text)).toThrow(QuantityError);
      expect(() => parseQuantity(text)).toThrow(`invalid quantity: ${JSON.stringify(text)}; write 250m or 2`);
    },
  );

  it("refuses a number that is none", () => {
    expect(() => parseQuantity(Number.NaN)).toThrow("invalid quantity: NaN; write 250m or 2");
  });

  it("keeps nothing finer than a nano and nothing above 2^63-1, as upstream's parser", () => {
    expect(parseQuantity("0.0000000001").nano).toBe(1n);
    expect(parseQuantity("1e-999999999").nano).toBe(1n);
    expect(wholeValue(parseQuantity("1e999999999"))).toBe(2n ** 63n - 1n);
    expect(wholeValue(parseQuantity("-8Ei"))).toBe(-(2n ** 63n - 1n));
  });
});

describe("formatQuantity", () => {
  it.each([
    ["1500m", "1500m"],
    ["1000m", "1"],
    ["1.5Gi", "1536Mi"],
    ["0.5Ki", "512"],
    ["1000Ki", "1000Ki"],
    ["1024Mi", "1Gi"],
    ["12e3", "12e3"],
    ["0", "0"],
    ["-2000", "-2k"],
  ])("writes %s as %s", (text, canonical) => {
    expect(formatQuantity(parseQuantity(text))).toBe(canonical);
  });
});

describe("properties of quantities", () => {
  const quantity = quantityText.map(parseQuantity);

  it("always reads back what it wrote", () => {
    fc.assert(
      fc.property(quantity, (value) => {
        expect(parseQuantity(formatQuantity(value)).nano).toBe(value.nano);
      }),
    );
  });

  it("always adds exactly, in any order", () => {
    fc.assert(
      fc.property(quantity, quantity, quantity, (a, b, c) => {
        expect(addQuantity(addQuantity(a, b), c).nano).toBe(addQuantity(c, addQuantity(b, a)).nano);
        expect(addQuantity(a, b).nano - b.nano).toBe(a.nano);
      }),
    );
  });

  it("always rounds away from zero, by less than one unit", () => {
    fc.assert(
      fc.property(quantity, (value) => {
        const magnitude = (of: Quantity): bigint => (of.nano < 0n ? -of.nano : of.nano);
        for (const [rounded, unit] of [
          [milliValue(value), 10n ** 6n],
          [wholeValue(value), 10n ** 9n],
        ]) {
          const size = (rounded < 0n ? -rounded : rounded) * unit;
          expect(size).toBeGreaterThanOrEqual(magnitude(value));
          expect(size - magnitude(value)).toBeLessThan(unit);
        }
      }),
    );
  });

  it("always compares as the difference does", () => {
    fc.assert(
      fc.property(quantity, quantity, (a, b) => {
        expect(Math.sign(compareQuantity(a, b))).toBe(Number(a.nano > b.nano) - Number(a.nano < b.nano));
      }),
    );
  });

  it("never accepts a text with a foreign suffix", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom("K", "mi", "KI", "B", "GiB", "x", " "), (whole, suffix) => {
        expect(() => parseQuantity(`${whole}${suffix}`)).toThrow(QuantityError);
      }),
    );
  });
});
