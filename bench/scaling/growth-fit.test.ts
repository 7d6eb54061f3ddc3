import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { growthFit, growthPerTenfold } from "./growth-fit.ts";
import { studentT } from "./student-t.ts";

const sizes = [100, 1000, 10_000, 100_000];

describe("growthFit", () => {
  it("always finds the exponent of costs that follow a power exactly", () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(number(-2, 2), number(0.001, 1000), (exponent, factor) => {
        const fit = growthFit(
          sizes,
          sizes.map((size) => factor * size ** exponent),
        );
        expect(fit.exponent).toBeCloseTo(exponent, 9);
        expect(fit.factor / factor).toBeCloseTo(1, 6);
        expect(fit.interval!.low).toBeCloseTo(exponent, 5);
        expect(fit.interval!.high).toBeCloseTo(exponent, 5);
      }),
    );
  });

  it("gives slope and interval of a worked regression", () => {
    // Residuals in powers of ten: -0.06, 0.18, -0.18, 0.06; their squares over 2 degrees of freedom make 0.036.
    const { exponent, interval } = growthFit(
      [1, 10, 100, 1000],
      [0, 1.2, 1.8, 3].map((y) => 10 ** y),
    );
    expect(exponent).toBeCloseTo(0.96, 10);
    expect(interval!.high - 0.96).toBeCloseTo(4.302653 * Math.sqrt(0.036 / 5), 5);
    expect(0.96 - interval!.low).toBeCloseTo(4.302653 * Math.sqrt(0.036 / 5), 5);
  });

  it("has no interval with two points, and refuses sizes that are all equal", () => {
    expect(growthFit([1, 100], [3, 30])).toMatchObject({ exponent: 0.5, interval: undefined });
    expect(() => growthFit([10, 10], [1, 2])).toThrow("growth over a single size");
    expect(() => growthFit([10, 20], [1, 0])).toThrow("above 0");
  });
});

it("tells growth per tenfold whatever the step", () => {
  expect(growthPerTenfold([1000, 10_000], [50, 60])).toBeCloseTo(1.2, 12);
  expect(growthPerTenfold([1000, 100_000], [50, 200])).toBeCloseTo(2, 12);
});

it("has the quantiles of Student's t that tables have", () => {
  const table = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306];
  for (let degrees = 1; degrees <= table.length; degrees++) {
    expect(studentT(0.95, degrees)).toBeCloseTo(table[degrees - 1], 4);
  }
  expect(studentT(0.99, 30)).toBeCloseTo(2.75, 4);
});
