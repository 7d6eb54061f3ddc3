import { UserError } from "../base/errors.ts";
import type { Configuration } from "../configuration/configuration.ts";
import { configurationFromValue } from "../configuration/read-configuration.ts";
import { referencePoliciesOf } from "../decisions/reference-policy-of.ts";
import { ReferenceCycle } from "../reference/reference-cycle.ts";
import { type ReferencePolicy, referencePolicy } from "../reference/reference-policy.ts";
import type { Profile } from "../scheduler/profile.ts";
import { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";
import type { SimulateOptions } from "../simulation/simulate.ts";
import { shippedConfigurations } from "./gated-profile.ts";
import type { PolicyReference } from "./policy.ts";

/**
 * Who decides: `index` keeps what plugins said of nodes, `scan` looks at every node anew, `reference` is the slow scheduler
 * that shares no plugin with them. All three decide alike.
 */
export type Algorithm = "index" | "scan" | "reference";

export const ALGORITHMS: readonly Algorithm[] = ["index", "scan", "reference"];

export type MakeCycle = NonNullable<SimulateOptions["makeCycle"]>;

/**
 * What decides in a simulation of a policy.
 * @throws UserError when the reference has no counterpart of something in the policy
 */
export function cyclesBy(algorithm: Algorithm, reference: PolicyReference): MakeCycle {
  if (algorithm !== "reference") return (parts) => new SchedulingCycle({ ...parts, algorithm });
  const policies = slowPolicies(reference);
  return ({ profile, ...parts }) =>
    new ReferenceCycle({ ...parts, profile, policy: policyOf(policies, profile) });
}

/** A single one stands for whatever name its profile was given. */
function policyOf(policies: readonly ReferencePolicy[], profile: Profile): ReferencePolicy {
  return policies.length === 1 ? policies[0] : policies.find(({ name }) => name === profile.name)!;
}

function slowPolicies(reference: PolicyReference): readonly ReferencePolicy[] {
  switch (reference.kind) {
    case "shipped": {
      const { name, gates } = reference;
      const configuration = shippedConfigurations[name];
      if (configuration === undefined) return [referencePolicy(name)];
      return withDevices(configurationFromValue(configuration), gates);
    }
    case "configuration": {
      const { configuration, gates, schedulerName } = reference;
      if (configuration.extenders.length > 0) throw refused(reference.path, "extenders");
      const all = withDevices(configuration, gates);
      return all.filter(({ name }) => schedulerName === undefined || name === schedulerName);
    }
    case "module":
      throw refused(reference.path, "a policy of a module");
    case "profile":
      throw refused(`profile ${reference.profile.name}`, "a policy that is an object");
  }
}

function refused(where: string, what: string): UserError {
  return new UserError([
    {
      where,
      what: `invalid algorithm: "reference" has no counterpart of ${what}; write --algorithm index or scan`,
    },
  ]);
}

/** The profiles of a configuration, with room on devices checked as `profilesOf` has it. */
function withDevices(
  configuration: Configuration,
  gates: Parameters<typeof referencePoliciesOf>[1],
): readonly ReferencePolicy[] {
  return referencePoliciesOf(configuration, gates).map(({ points, ...policy }) => ({
    ...policy,
    plugins: [...policy.plugins, { name: "DeviceShare" }],
    ...(points && { points: { ...points, filter: [...points.filter, "DeviceShare"] } }),
  }));
}
