import type { Configuration, ConfiguredProfile, EnabledPlugin } from "../configuration/configuration.ts";
import type { FeatureGates } from "../configuration/feature-gates.ts";
import { configurationFromValue } from "../configuration/read-configuration.ts";
import { referencePluginNames } from "../reference/reference-plugins.ts";
import type {
  ReferencePluginUse,
  ReferencePoint,
  ReferencePolicy,
  ReferenceStrategy,
} from "../reference/reference-policy.ts";
import type { RecordedCase } from "./recorded-case.ts";

const CPU_AND_MEMORY = [
  { name: "cpu", weight: 1 },
  { name: "memory", weight: 1 },
];

/**
 * The first profile of a recorded case as the reference understands it: the same configuration as the fast scheduler's,
 * and no plugin of it. Plugins without a slow twin are left out.
 * @throws UserError with every problem of the configuration
 * @internal */
export function referencePolicyOf({ config, gates = {} }: RecordedCase): ReferencePolicy {
  return referencePoliciesOf(configurationFromValue(config), gates)[0];
}

/** The profiles of a configuration, in its order, likewise. Tie rule `first`: a configuration names none. */
export function referencePoliciesOf(configuration: Configuration, gates: FeatureGates): ReferencePolicy[] {
  return configuration.profiles.map((profile) => policyOf(profile, configuration, gates));
}

function policyOf(
  profile: ConfiguredProfile,
  configuration: Configuration,
  gates: FeatureGates,
): ReferencePolicy {
  const { points, args } = profile;
  const fit = args.NodeResourcesFit?.scoringStrategy;
  const strategy = fit && ({ ...fit, resources: fit.resources ?? CPU_AND_MEMORY } as ReferenceStrategy);
  const comparisonOperators = gates["TaintTolerationComparisonOperators"] === true;
  const spread = args.PodTopologySpread;
  const argsOf: Readonly<Record<string, Omit<ReferencePluginUse, "name">>> = {
    InterPodAffinity: args.InterPodAffinity ?? {},
    NodeAffinity: args.NodeAffinity ?? {},
    NodeResourcesBalancedAllocation: args.NodeResourcesBalancedAllocation ?? {},
    NodeResourcesFit: { ...args.NodeResourcesFit, ...(strategy && { strategy }) },
    PodTopologySpread: {
      comparisonOperators,
      ...(spread?.defaultingType === "List" && { defaultConstraints: spread.defaultConstraints }),
    },
    TaintToleration: { comparisonOperators },
    VolumeBinding: { ...(args.VolumeBinding && { shape: args.VolumeBinding.shape }) },
  };
  const namesAt = (point: ReferencePoint): string[] =>
    points[point].map(({ name }) => name).filter((name) => referencePluginNames.includes(name));
  const at = {
    preEnqueue: namesAt("preEnqueue"),
    preFilter: namesAt("preFilter"),
    filter: namesAt("filter"),
    preScore: namesAt("preScore"),
    score: namesAt("score"),
  };
  const names = new Set([...at.preEnqueue, ...at.preFilter, ...at.filter, ...at.preScore, ...at.score]);
  return {
    name: profile.schedulerName,
    plugins: [...names].map((name) => ({ name, weight: weightOf(name, points.score), ...argsOf[name] })),
    percentageOfNodesToScore: profile.percentageOfNodesToScore ?? configuration.percentageOfNodesToScore,
    tieBreak: "first",
    points: at,
    postFilter: points.postFilter.map(({ name }) => name),
    ...(args.DefaultPreemption && { preemption: args.DefaultPreemption }),
  };
}

function weightOf(name: string, scores: readonly EnabledPlugin[]): number {
  return scores.find((plugin) => plugin.name === name)?.weight || 1;
}
