import { expect, it } from "vitest";
import { sortedNumbers } from "./sorted-numbers.ts";

it("sorts by number, not by text, and leaves the original alone", () => {
  const values = [10, 9, -1];
  expect([...sortedNumbers(values)]).toEqual([-1, 9, 10]);
  expect(values).toEqual([10, 9, -1]);
});

it("refuses holes in the data and says where", () => {
  expect(() => sortedNumbers([1, Number.NaN])).toThrow("value 1 of 2 is NaN");
  expect(() => sortedNumbers([Number.POSITIVE_INFINITY])).toThrow("not a finite number");
});
