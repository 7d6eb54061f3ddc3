import { describe, expect, it } from "vitest";
import { UserError } from "../base/errors.ts";
import { readConfiguration } from "./read-configuration.ts";

/** A profile whose only plugin args are these, in flow style, on line 7. */
function argsOf(plugin: string, args: string): string {
  return `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
- pluginConfig:
  - name: ${plugin}
    #
    args: ${args}
`;
}

function problemsOf(text: string): string[] {
  try {
    readConfiguration(text, "s.yaml");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map(({ where, what }) => `${where}: ${what}`);
  }
  return [];
}

describe("plugin args", () => {
  it.each<[string, string, string]>([
    ["DefaultPreemption", "{minCandidateNodesPercentage: 101}", "not in valid range [0, 100]"],
    ["DefaultPreemption", "{minCandidateNodesAbsolute: -1}", "not in valid range [0, inf)"],
    [
      "DefaultPreemption",
      "{minCandidateNodesAbsolute: 0, minCandidateNodesPercentage: 0}",
      "cannot be zero at the same time as minCandidateNodesAbsolute",
    ],
    [
      "DefaultPreemption",
      "{minCandidateNodesAbsolute: 0, minCandidateNodesPercentage: 0}",
      "cannot be zero at the same time as minCandidateNodesPercentage",
    ],
    [
      "InterPodAffinity",
      "{hardPodAffinityWeight: 101}",
      "invalid hardPodAffinityWeight: 101, not in valid range [0, 100]",
    ],
    [
      "NodeAffinity",
      "{addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Gt, values: [x]}]}]}}}",
      "the value must be an integer",
    ],
    [
      "NodeAffinity",
      "{addedAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference: {matchFields: [{key: a, operator: In, values: [x]}]}}]}}",
      "not a valid field selector key",
    ],
    [
      "NodeAffinity",
      "{addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchLabels: {}}]}}}",
      'unknown field: "matchLabels"',
    ],
    ["NodeResourcesFit", "{ignoredResources: ['a b']}", "name part must consist of"],
    ["NodeResourcesFit", "{ignoredResourceGroups: [a.io/b]}", "resource group name can't contain '/'"],
    [
      "NodeResourcesFit",
      "{scoringStrategy: {type: Least}}",
      'invalid type: "Least", not supported; write one of LeastAllocated',
    ],
    [
      "NodeResourcesFit",
      "{scoringStrategy: {resources: [{name: cpu, weight: 101}]}}",
      "resource weight of cpu not in valid range (0, 100]",
    ],
    [
      "NodeResourcesFit",
      "{scoringStrategy: {type: RequestedToCapacityRatio}}",
      "must be specified when type is RequestedToCapacityRatio",
    ],
    [
      "NodeResourcesFit",
      "{scoringStrategy: {requestedToCapacityRatio: {shape: [{utilization: 0, score: 0}]}}}",
      "must be nil when type is not RequestedToCapacityRatio",
    ],
    [
      "NodeResourcesFit",
      "{scoringStrategy: {type: RequestedToCapacityRatio, requestedToCapacityRatio: {}}}",
      "at least one point must be specified",
    ],
    [
      "NodeResourcesFit",
      "{scoringStrategy: {type: RequestedToCapacityRatio, requestedToCapacityRatio: {shape: [{utilization: 9, score: 1}, {utilization: 9, score: 2}]}}}",
      "values must be sorted in increasing order",
    ],
    [
      "NodeResourcesBalancedAllocation",
      "{resources: [{name: cpu, weight: 2}]}",
      "resource weight of cpu must be 1",
    ],
    [
      "NodeResourcesBalancedAllocation",
      "{resources: [{name: cpu}, {name: cpu}]}",
      'invalid name: "cpu", it stands there already; keep one',
    ],
    ["PodTopologySpread", "{defaultingType: Lists}", 'invalid defaultingType: "Lists", not supported'],
    [
      "PodTopologySpread",
      "{defaultConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule}]}",
      "when .defaultConstraints are not empty",
    ],
    [
      "PodTopologySpread",
      "{defaultingType: List, defaultConstraints: [{maxSkew: 0, topologyKey: a, whenUnsatisfiable: DoNotSchedule}]}",
      "not in valid range (0, inf)",
    ],
    [
      "PodTopologySpread",
      "{defaultingType: List, defaultConstraints: [{maxSkew: 1, whenUnsatisfiable: DoNotSchedule}]}",
      'invalid topologyKey: "", can not be empty',
    ],
    [
      "PodTopologySpread",
      "{defaultingType: List, defaultConstraints: [{maxSkew: 1, topologyKey: a b, whenUnsatisfiable: DoNotSchedule}]}",
      'invalid topologyKey: "a b", name part must',
    ],
    [
      "PodTopologySpread",
      "{defaultingType: List, defaultConstraints: [{maxSkew: 1, topologyKey: a}]}",
      'invalid whenUnsatisfiable: "", can not be empty',
    ],
    [
      "PodTopologySpread",
      "{defaultingType: List, defaultConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: Never}]}",
      'invalid whenUnsatisfiable: "Never", not supported',
    ],
    [
      "PodTopologySpread",
      "{defaultingType: List, defaultConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {}}]}",
      "constraint must not define a selector, as they deduced for each pod",
    ],
    [
      "PodTopologySpread",
      "{defaultingType: List, defaultConstraints: [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule}, {maxSkew: 2, topologyKey: a, whenUnsatisfiable: DoNotSchedule}]}",
      "duplicate constraint: {a, DoNotSchedule}",
    ],
    [
      "VolumeBinding",
      "{bindTimeoutSeconds: -1}",
      "invalid BindTimeoutSeconds, should not be a negative value",
    ],
    [
      "VolumeBinding",
      "{shape: [{utilization: 101, score: 1}]}",
      "invalid utilization: 101, not in valid range [0, 100]",
    ],
    [
      "VolumeBinding",
      "{shape: [{utilization: 1, score: 11}]}",
      "invalid score: 11, not in valid range [0, 10]",
    ],
    ["DynamicResources", "{filterTimeout: -1s}", "must be zero or positive"],
    ["DynamicResources", "{bindingTimeout: 500ms}", "must be at least 1 second"],
  ])("refuses args of %s: %s", (plugin, args, expected) => {
    const problems = problemsOf(argsOf(plugin, args));
    expect(problems.filter((problem) => problem.includes(expected))).toHaveLength(1);
    expect(
      problems.every((problem) => /^s\.yaml:7:\d+: profiles\[0\]\.pluginConfig\[0\]\.args/.test(problem)),
    ).toBe(true);
  });

  it("gives partial args their defaults, and counts a weight left out as 1", () => {
    const fit = argsOf(
      "NodeResourcesFit",
      "{scoringStrategy: {type: MostAllocated, resources: [{name: a.io/b}]}}",
    );
    expect(readConfiguration(fit, "s.yaml").profiles[0].args.NodeResourcesFit).toEqual({
      ignoredResources: [],
      ignoredResourceGroups: [],
      scoringStrategy: { type: "MostAllocated", resources: [{ name: "a.io/b", weight: 1 }] },
    });
    const volumes = argsOf("VolumeBinding", "{}");
    expect(readConfiguration(volumes, "s.yaml").profiles[0].args.VolumeBinding).toEqual({
      bindTimeoutSeconds: 600,
      shape: [
        { utilization: 0, score: 10 },
        { utilization: 100, score: 0 },
      ],
    });
    const devices = argsOf("DynamicResources", "{filterTimeout: 0s}");
    expect(readConfiguration(devices, "s.yaml").profiles[0].args.DynamicResources).toEqual({
      filterTimeoutSeconds: 0,
      bindingTimeoutSeconds: 600,
    });
  });
});
