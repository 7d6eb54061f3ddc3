import type { FeatureGates } from "../configuration/feature-gates.ts";
import { profilesOf } from "../configuration/profiles-of.ts";
import { configurationFromValue } from "../configuration/read-configuration.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import type { Profile } from "../scheduler/profile.ts";

const scoring = (scoringStrategy: Readonly<Record<string, unknown>>) => ({
  profiles: [{ pluginConfig: [{ name: "NodeResourcesFit", args: { scoringStrategy } }] }],
});

/** The shipped profiles that a KubeSchedulerConfiguration can say, and how. @internal */
export const shippedConfigurations: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  default: {},
  "most-allocated": scoring({ type: "MostAllocated" }),
  "requested-to-capacity-ratio": scoring({
    type: "RequestedToCapacityRatio",
    requestedToCapacityRatio: {
      shape: [
        { utilization: 0, score: 0 },
        { utilization: 100, score: 10 },
      ],
    },
  }),
  "default-all-nodes": { percentageOfNodesToScore: 100 },
};

/**
 * A shipped profile under feature gates. They reach those that Kubernetes itself could run; the others have no gates.
 * @throws UserError with the nearest name when there is no such policy, or when a gate is unknown or locked
 */
export function gatedProfile(name: string, gates: FeatureGates): Profile {
  const shipped = shippedProfile(name);
  const configuration = shippedConfigurations[name];
  if (configuration === undefined || Object.keys(gates).length === 0) return shipped;
  const [{ plugins, batching }] = profilesOf(configurationFromValue(configuration), gates);
  return { ...shipped, plugins, ...(batching !== undefined && { batching }) };
}
