import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TopologySpreadConstraint } from "../kubernetes/affinity.ts";
import { interPodAffinity } from "../plugins/inter-pod-affinity.ts";
import { nodeResourcesBalancedAllocation } from "../plugins/node-resources-balanced-allocation.ts";
import { nodeResourcesFit, type ScoringStrategy } from "../plugins/node-resources-fit.ts";
import { podTopologySpread } from "../plugins/pod-topology-spread.ts";
import { shippedProfile, shippedProfiles } from "../plugins/profiles.ts";
import { type Profile, type ProfilePlugin, TIE_BREAKS } from "../scheduler/profile.ts";
import { SchedulingCycle } from "../scheduler/scheduling-cycle.ts";
import { arbitraries } from "../testing/arbitraries.ts";
import { compareDecisions } from "../testing/compare-decisions.ts";
import { DecisionCoverage } from "../testing/decision-coverage.ts";
import { expectedDecisions } from "../testing/expected-decisions.ts";
import { forcedSample } from "../testing/forced-sample.ts";
import { type ReferencePluginUse, type ReferencePolicy, referencePolicy } from "./reference-policy.ts";

/** Cases in one run; a nightly run sets more, and another seed. */
const RUNS = Number(process.env["STOWAGE_DIFFERENTIAL_RUNS"] ?? 3000);
const SEED = Number(process.env["STOWAGE_DIFFERENTIAL_SEED"] ?? 42);

/** How often each plugin must have rejected and passed nodes, and told them apart. */
const LEAST = 20;

/** One policy in two forms: as the fast scheduler's profile, and as the reference's names and numbers. */
interface Pair {
  readonly profile: Profile;
  readonly policy: ReferencePolicy;
}

const shipped: Pair[] = shippedProfiles().map((profile) => ({
  profile,
  policy: referencePolicy(profile.name),
}));

/** The default profile with other strategies, weights, resources and shares of nodes. */
function custom(
  name: string,
  percentageOfNodesToScore: number,
  strategy: ScoringStrategy & {
    readonly resources: readonly { readonly name: string; readonly weight: number }[];
  },
  balanced: readonly string[],
  weights: Readonly<Record<string, number>>,
): Pair {
  const profile = shippedProfile("default");
  const policy = referencePolicy("default");
  const fast = ({ plugin, weight }: ProfilePlugin): ProfilePlugin => ({
    plugin:
      plugin.name === "NodeResourcesFit"
        ? nodeResourcesFit({ scoringStrategy: strategy })
        : plugin.name === "NodeResourcesBalancedAllocation"
          ? nodeResourcesBalancedAllocation({ resources: balanced })
          : plugin,
    weight: weights[plugin.name] ?? weight ?? 1,
  });
  const slow = (use: ReferencePluginUse): ReferencePluginUse => ({
    ...use,
    weight: weights[use.name] ?? use.weight ?? 1,
    ...(use.name === "NodeResourcesFit" && { strategy }),
    ...(use.name === "NodeResourcesBalancedAllocation" && { resources: balanced }),
  });
  return {
    profile: { ...profile, name, percentageOfNodesToScore, plugins: profile.plugins.map(fast) },
    policy: { ...policy, name, percentageOfNodesToScore, plugins: policy.plugins.map(slow) },
  };
}

/** The default profile with other ideas of how pods mind one another. */
function related(
  name: string,
  affinity: { readonly hardPodAffinityWeight: number; readonly ignorePreferredTermsOfExistingPods?: boolean },
  defaultConstraints: readonly TopologySpreadConstraint[],
): Pair {
  const profile = shippedProfile("default");
  const policy = referencePolicy("default");
  const fast = ({ plugin, weight = 1 }: ProfilePlugin): ProfilePlugin => {
    if (plugin.name === "InterPodAffinity") return { plugin: interPodAffinity(affinity), weight };
    if (plugin.name !== "PodTopologySpread") return { plugin, weight };
    return { plugin: podTopologySpread({ defaultingType: "List", defaultConstraints }), weight };
  };
  const slow = (use: ReferencePluginUse): ReferencePluginUse => ({
    ...use,
    ...(use.name === "InterPodAffinity" && affinity),
    ...(use.name === "PodTopologySpread" && { defaultConstraints }),
  });
  return {
    profile: { ...profile, name, plugins: profile.plugins.map(fast) },
    policy: { ...policy, name, plugins: policy.plugins.map(slow) },
  };
}

/** No score plugin at all: the first feasible node after the rotating start. */
function nextFit(): Pair {
  const profile = shippedProfile("first-fit");
  const policy = referencePolicy("first-fit");
  return {
    profile: { ...profile, plugins: profile.plugins.filter(({ plugin }) => plugin.name !== "NoPreference") },
    policy: { ...policy, plugins: policy.plugins.filter(({ name }) => name !== "NoPreference") },
  };
}

const pairs: readonly Pair[] = [
  ...shipped,
  custom(
    "many resources",
    60,
    {
      type: "MostAllocated",
      resources: [
        { name: "cpu", weight: 1 },
        { name: "memory", weight: 2 },
        { name: "ephemeral-storage", weight: 3 },
        { name: "example.com/npu", weight: 5 },
        { name: "gpu", weight: 2 },
      ],
    },
    ["cpu", "memory", "ephemeral-storage", "example.com/npu"],
    {
      TaintToleration: 1,
      NodeAffinity: 5,
      NodeResourcesFit: 2,
      NodeResourcesBalancedAllocation: 3,
      ImageLocality: 4,
    },
  ),
  custom(
    "bent shape",
    45,
    {
      type: "RequestedToCapacityRatio",
      resources: [
        { name: "cpu", weight: 3 },
        { name: "memory", weight: 5 },
        { name: "example.com/npu", weight: 1 },
      ],
      shape: [
        { utilization: 0, score: 10 },
        { utilization: 37, score: 3 },
        { utilization: 90, score: 0 },
      ],
    },
    ["memory", "example.com/npu", "gpu"],
    { NodeResourcesFit: 7 },
  ),
  related("default constraints that are listed", { hardPodAffinityWeight: 10 }, [
    { topologyKey: "topology.kubernetes.io/zone", maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" },
    { topologyKey: "disk", maxSkew: 2, whenUnsatisfiable: "ScheduleAnyway" },
    { topologyKey: "kubernetes.io/hostname", maxSkew: 2, whenUnsatisfiable: "ScheduleAnyway" },
  ]),
  related(
    "no default constraints, and only own preferences",
    { hardPodAffinityWeight: 0, ignorePreferredTermsOfExistingPods: true },
    [],
  ),
  nextFit(),
];

const cases = fc.record({
  history: fc.oneof(
    { weight: 60, arbitrary: arbitraries.history },
    { weight: 60, arbitrary: arbitraries.relatedHistory },
    { weight: 1, arbitrary: arbitraries.largeHistory },
  ),
  pair: fc.nat({ max: pairs.length - 1 }),
  tieBreak: fc.constantFrom(...TIE_BREAKS),
  sample: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
  seed: fc.nat({ max: 1000 }),
});

describe("the scheduling cycle beside the reference scheduler", () => {
  it("always decides alike, whatever happened to the cluster before, and every situation occurs", () => {
    const coverage = new DecisionCoverage();
    fc.assert(
      fc.property(cases, ({ history, pair, tieBreak, sample, seed }) => {
        const policy = { ...pairs[pair].policy, tieBreak };
        const profile = { ...pairs[pair].profile, tieBreak };
        const happenings = expectedDecisions(history, {
          policy,
          seed,
          ...(sample !== undefined && { sample }),
        });
        coverage.add(happenings, tieBreak, sample !== undefined);
        const difference = compareDecisions(
          happenings,
          profile,
          (cluster) =>
            new SchedulingCycle({
              cluster,
              profile,
              seed,
              ...(sample !== undefined && { numFeasibleNodesToFind: forcedSample(sample) }),
            }),
        );
        if (difference !== undefined) throw new Error(`${profile.name}, ${tieBreak}: ${difference}`);
      }),
      { numRuns: RUNS, seed: SEED, includeErrorInReport: true },
    );
    if (process.env["STOWAGE_COVERAGE"] !== undefined) console.log(coverage.table());
    expect(coverage.missing(LEAST)).toEqual([]);
  }, 600_000);
});
