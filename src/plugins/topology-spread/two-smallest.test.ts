import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TwoSmallest } from "./two-smallest.ts";

describe("TwoSmallest", () => {
  it("always has the least of counts that come once each", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 8 }), (counts) => {
        const smallest = new TwoSmallest(-1);
        for (const [value, count] of counts.entries()) smallest.update(value, count);
        expect(smallest.least).toBe(Math.min(...counts));
      }),
    );
  });

  it("always has the least after one domain changed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(9), { minLength: 1, maxLength: 8 }),
        fc.nat(7),
        fc.nat(9),
        (counts, place, count) => {
          const changed = place % counts.length;
          const smallest = new TwoSmallest(-1);
          for (const [value, before] of counts.entries()) smallest.update(value, before);
          smallest.update(changed, count);
          expect(smallest.least).toBe(Math.min(...counts.with(changed, count)));
        },
      ),
    );
  });

  it("forgets a third domain, as upstream does, when the two that it knows grow", () => {
    const smallest = new TwoSmallest(-1);
    for (const [value, count] of [1, 1, 2].entries()) smallest.update(value, count);
    smallest.update(0, 5);
    smallest.update(1, 5);
    expect(smallest.least).toBe(5);
  });

  it("takes the empty value for the domain that its slots begin with", () => {
    const smallest = new TwoSmallest(7);
    smallest.update(7, 3);
    expect(smallest.least).toBe(3);
    smallest.update(1, 2);
    expect(smallest.least).toBe(2);
  });

  it("leaves its clone alone", () => {
    const smallest = new TwoSmallest(-1);
    smallest.update(1, 4);
    const clone = smallest.clone();
    smallest.update(1, 6);
    expect(clone.least).toBe(4);
    expect(smallest.least).toBe(6);
  });
});
