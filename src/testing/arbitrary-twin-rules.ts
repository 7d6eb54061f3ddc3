import fc from "fast-check";
import { shippedProfiles } from "../plugins/profiles.ts";
import { TIE_BREAKS } from "../scheduler/profile.ts";
import type { PressedHistory } from "./arbitrary-pressed-history.ts";
import type { TwinRules } from "./twin-cycles.ts";

/** A history under any of the shipped policies and tie rules; every other search looks for a few nodes only. */
export function arbitraryTwinRules(history: fc.Arbitrary<PressedHistory>): fc.Arbitrary<TwinRules> {
  return fc
    .record({
      history,
      profile: fc.constantFrom(...shippedProfiles()),
      tieBreak: fc.constantFrom(...TIE_BREAKS),
      sample: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined, freq: 1 }),
      seed: fc.nat({ max: 1000 }),
    })
    .map(({ profile, tieBreak, ...rest }) => ({ ...rest, profile: { ...profile, tieBreak } }));
}

/** How many histories to play where a quick run plays so many; a nightly run sets another number for all. */
export function twinRuns(quick: number): number {
  return Number(process.env["STOWAGE_INDEX_RUNS"] ?? quick);
}
