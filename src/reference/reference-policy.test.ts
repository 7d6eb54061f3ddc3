import { describe, expect, it } from "vitest";
import { shippedProfile, shippedProfiles } from "../plugins/profiles.ts";
import { referencePolicy } from "./reference-policy.ts";

describe("referencePolicy", () => {
  it.each(shippedProfiles().map(({ name }) => name))(
    "%s says what the shipped profile of its name says",
    (name) => {
      const profile = shippedProfile(name);
      const policy = referencePolicy(name);
      expect(profile.percentageOfNodesToScore).toBe(policy.percentageOfNodesToScore);
      expect(profile.tieBreak).toBe(policy.tieBreak);
      // A plugin of which nothing is left but its name decides nothing.
      const acting = profile.plugins.filter(
        ({ plugin }) =>
          plugin.preEnqueue ?? plugin.preFilter ?? plugin.filter ?? plugin.score ?? plugin.takeDevices,
      );
      expect(acting.map(({ plugin }) => plugin.name)).toEqual(policy.plugins.map((use) => use.name));
      expect(acting.map(({ weight }) => weight ?? 1)).toEqual(policy.plugins.map((use) => use.weight ?? 1));
    },
  );
});
