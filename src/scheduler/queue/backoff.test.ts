import { expect, it } from "vitest";
import { backoffDuration, DEFAULT_BACKOFF } from "./backoff.ts";

it("doubles from one second to ten", () => {
  const seconds = [0, 1, 2, 3, 4, 5, 6, 7].map(
    (count) => backoffDuration(count, DEFAULT_BACKOFF) / 1_000_000,
  );
  expect(seconds).toEqual([0, 1, 2, 4, 8, 10, 10, 10]);
});
