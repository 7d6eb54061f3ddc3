import fc from "fast-check";
import { TIE_BREAKS } from "../scheduler/profile.ts";
import { weighted } from "./arbitrary-parts.ts";
import type { PressedHistory } from "./arbitrary-pressed-history.ts";
import type { TwinRules } from "./twin-cycles.ts";

/**
 * A history under any of the policies and tie rules. Every other search looks for a few nodes only, some schedulers are
 * asked now and then only, some have no memory to speak of, and one in five is checked part by part, or all in a nightly run.
 */
export function arbitraryTwinRules(
  history: fc.Arbitrary<PressedHistory>,
  policies: readonly string[],
): fc.Arbitrary<TwinRules> {
  return fc.record({
    history,
    policy: fc.constantFrom(...policies),
    tieBreak: fc.constantFrom(...TIE_BREAKS),
    sample: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined, freq: 2 }),
    seed: fc.nat({ max: 1000 }),
    rhythm: fc.constantFrom(1, 1, 1, 2, 3),
    atAnyCost: fc.boolean(),
    bytesAtMost: fc.constantFrom(undefined, undefined, 0, 200, 1000),
    check: process.env["STOWAGE_CHECK_INDEX"] === "1" ? fc.constant(true) : weighted([4, false], [1, true]),
  });
}

/** How many histories to play where a quick run plays so many; a nightly run sets another number for all. */
export function twinRuns(quick: number): number {
  return Number(process.env["STOWAGE_INDEX_RUNS"] ?? quick);
}
