import { expect, it } from "vitest";
import { numFeasibleNodesToFind } from "./sampling.ts";

it.each([
  [0, 99, 99],
  [0, 100, 100],
  [0, 125, 100],
  [0, 250, 120],
  [0, 1000, 420],
  [0, 2000, 680],
  [0, 5000, 500],
  [0, 5624, 337],
  [0, 5625, 281],
  [0, 6000, 300],
  [0, 15_000, 750],
  [40, 1000, 400],
  [1, 5000, 100],
  [100, 5000, 5000],
  [40, 6000, 2400],
])("with percentage %i of %i nodes the search looks for %i", (percentage, nodes, expected) => {
  expect(numFeasibleNodesToFind(percentage, nodes)).toBe(expected);
});
