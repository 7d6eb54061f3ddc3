import { expect, it } from "vitest";
import { goDurationUs } from "./go-duration.ts";

it.each([
  ["10s", 10e6],
  ["1m30s", 90e6],
  ["1.5h", 5400e6],
  ["250ms", 250e3],
  ["0s", 0],
  ["0", 0],
  ["10", undefined],
  ["s", undefined],
  ["", undefined],
  [10, undefined],
])("reads the duration %j as %j microseconds", (text, us) => {
  expect(goDurationUs(text)).toBe(us);
});
