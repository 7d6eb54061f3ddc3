import { expect, it } from "vitest";
import { defaultNormalizeScore, minMaxNormalizeScore } from "./normalize.ts";
import type { NormalizeScore } from "./plugin.ts";

function normalized(normalize: NormalizeScore, scores: readonly number[]): number[] {
  const column = Int32Array.from(scores);
  normalize(column, { rows: new Uint32Array(scores.length), length: scores.length });
  return [...column];
}

it.each([
  [true, [0, 1, 2, 3], [100, 67, 34, 0]],
  [true, [0, 0], [100, 100]],
  [false, [0, 1, 2, 7], [0, 14, 28, 100]],
  [false, [0, 0], [0, 0]],
])("scales to the greatest (reversed: %s) %j", (reverse, scores, expected) => {
  expect(normalized(defaultNormalizeScore(reverse), scores)).toEqual(expected);
});

it("spreads between the smallest and the greatest", () => {
  expect(normalized(minMaxNormalizeScore(0), [20, 50, 35])).toEqual([0, 100, 50]);
  expect(normalized(minMaxNormalizeScore(0), [7, 7])).toEqual([0, 0]);
});
