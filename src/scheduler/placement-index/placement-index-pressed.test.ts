import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shippedProfile, shippedProfiles } from "../../plugins/profiles.ts";
import { arbitraryKindredHistory, arbitraryPressedHistory } from "../../testing/arbitrary-pressed-history.ts";
import { arbitraryTwinRules, twinRuns } from "../../testing/arbitrary-twin-rules.ts";
import { TwinCycles } from "../../testing/twin-cycles.ts";

const policies = shippedProfiles().map(({ name }) => name);

describe("PlacementIndex under pressure", () => {
  it("always decides and preempts as the scan does, beside pods that are expected on nodes", () => {
    const seen = { placed: 0, preempted: 0, besideNominated: 0 };
    fc.assert(
      fc.property(arbitraryTwinRules(arbitraryPressedHistory, policies), ({ history, ...rules }) => {
        const twins = new TwinCycles(rules, shippedProfile);
        expect(twins.play(history)).toBeUndefined();
        for (const what of ["placed", "preempted", "besideNominated"] as const)
          seen[what] += twins.seen[what];
      }),
      { numRuns: twinRuns(1500) },
    );
    // The property is about something.
    expect(seen.placed).toBeGreaterThan(twinRuns(1500));
    expect(seen.preempted).toBeGreaterThan(twinRuns(1500) / 10);
    expect(seen.besideNominated).toBeGreaterThan(twinRuns(1500));
  }, 3_600_000);

  it("always decides as the scan does about pods that differ in labels alone", () => {
    fc.assert(
      fc.property(arbitraryTwinRules(arbitraryKindredHistory, policies), ({ history, ...rules }) => {
        expect(new TwinCycles(rules, shippedProfile).play(history)).toBeUndefined();
      }),
      { numRuns: twinRuns(1500) },
    );
  }, 3_600_000);
});
