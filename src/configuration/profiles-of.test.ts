import { describe, expect, it } from "vitest";
import { shippedProfile } from "../plugins/profiles.ts";
import { registry } from "../plugins/registry.ts";
import { everyNode } from "../scheduler/plugin.ts";
import type { Profile } from "../scheduler/profile.ts";
import { drawCluster } from "../testing/draw-cluster.ts";
import { cycleFor } from "../testing/plugin-observations.ts";
import { preScoreOnly, profilesFromCase, profilesOf } from "./profiles-of.ts";
import { readConfiguration } from "./read-configuration.ts";

const HEAD = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

function profiles(text: string): Profile[] {
  return profilesOf(readConfiguration(HEAD + text, "s.yaml"));
}

function namesOf({ plugins }: Profile): string[] {
  return plugins.map(({ plugin, weight }) =>
    weight === undefined ? plugin.name : `${plugin.name} ${weight}`,
  );
}

function entry(profile: Profile, name: string) {
  return profile.plugins.find(({ plugin }) => plugin.name === name)?.plugin;
}

describe("profilesOf", () => {
  it("makes of an empty configuration the default profile, with room on devices", () => {
    const [profile] = profiles("");
    expect([profile.name, profile.percentageOfNodesToScore, profile.tieBreak]).toEqual([
      "default-scheduler",
      0,
      "upstream",
    ]);
    const here = namesOf(shippedProfile("default")).filter((name) => namesOf(profile).includes(name));
    expect(new Set(here)).toEqual(new Set(namesOf(shippedProfile("default"))));
    const made = [...registry]
      .filter(([, { make, gate }]) => make !== undefined && gate === undefined)
      .map(([name]) => name);
    expect(new Set(profile.plugins.map(({ plugin }) => plugin.name))).toEqual(
      new Set([...made, "DeviceShare"]),
    );
    const filtering = profile.plugins.filter(({ plugin }) => plugin.filter).map(({ plugin }) => plugin.name);
    expect(filtering.slice(0, 4)).toEqual([
      "NodeName",
      "NodeUnschedulable",
      "TaintToleration",
      "NodeAffinity",
    ]);
  });

  it("adds what a gate brings, at its points, unless the configuration is against it", () => {
    const gang = (text: string) =>
      profilesOf(readConfiguration(HEAD + text, "s.yaml"), { GenericWorkload: true })[0].plugins.find(
        ({ plugin }) => plugin.name === "GangScheduling",
      )?.plugin;
    expect(Object.keys(gang("") ?? {})).toEqual(["name", "preEnqueue", "permit", "placementFeasible"]);
    expect(
      gang("profiles: [{ plugins: { multiPoint: { disabled: [{ name: GangScheduling }] } } }]"),
    ).toBeUndefined();
    expect(
      Object.keys(gang('profiles: [{ plugins: { permit: { disabled: [{ name: "*" }] } } }]') ?? {}),
    ).toEqual(["name", "preEnqueue"]);
    expect(namesOf(profiles("")[0])).not.toContain("GangScheduling");
  });

  it("gives each scheduler name its profile, and each its own share of nodes before the common one", () => {
    const text = `percentageOfNodesToScore: 30
profiles:
- schedulerName: a
- schedulerName: b
  percentageOfNodesToScore: 0
- schedulerName: c
  percentageOfNodesToScore: 70
`;
    expect(
      profiles(text).map(({ name, percentageOfNodesToScore }) => [name, percentageOfNodesToScore]),
    ).toEqual([
      ["a", 30],
      ["b", 0],
      ["c", 70],
    ]);
  });

  it("keeps the filter of a plugin that does not score, and lets its PreScore run", () => {
    const [profile] = profiles("profiles: [{plugins: {score: {disabled: [{name: TaintToleration}]}}}]");
    const plugin = entry(profile, "TaintToleration");
    expect(namesOf(profile)).toContain("TaintToleration");
    expect([plugin?.filter !== undefined, plugin?.normalizeScore !== undefined]).toEqual([true, false]);
    const { cluster } = drawCluster("node\nn");
    const cycle = cycleFor(cluster, { name: "p", object: { kind: "Pod" } });
    expect(plugin?.score?.(cycle)).toBe(preScoreOnly);
    const scores = Int32Array.of(5);
    preScoreOnly({ rows: Uint32Array.of(0), length: 1 }, scores);
    expect([...scores]).toEqual([0]);
  });

  it("has nobody score when nobody is enabled at score, so that the search ends at the first feasible node", () => {
    const [profile] = profiles("profiles: [{plugins: {score: {disabled: [{name: '*'}]}}}]");
    expect(profile.plugins.some(({ plugin }) => plugin.score)).toBe(false);
  });

  it("keeps the order of Filter, and narrows the search in the order of PreFilter", () => {
    const names = (text: string) => profiles(text)[0].plugins.map(({ plugin }) => plugin.name);
    const first = "profiles: [{plugins: {filter: {enabled: [{name: NodePorts}]}}}]";
    expect(names(first).indexOf("NodePorts")).toBeLessThan(names(first).indexOf("NodeName"));
    expect(names(first).filter((name) => name === "NodeAffinity")).toHaveLength(1);
    const volumesFirst = "profiles: [{plugins: {filter: {enabled: [{name: VolumeRestrictions}]}}}]";
    const [profile] = profiles(volumesFirst);
    const narrowing = profile.plugins
      .filter(({ plugin }) => plugin.preFilter)
      .map(({ plugin }) => plugin.name);
    expect(narrowing.indexOf("NodeAffinity")).toBeLessThan(narrowing.indexOf("VolumeRestrictions"));
    const filtering = profile.plugins.filter(({ plugin }) => plugin.filter).map(({ plugin }) => plugin.name);
    expect(filtering[0]).toBe("VolumeRestrictions");
  });

  it("lets the PreFilter of a plugin that does not filter skip, which is recorded", () => {
    // Without NodeAffinity at Filter the orders of PreFilter and Filter differ.
    const [profile] = profiles("profiles: [{plugins: {filter: {disabled: [{name: NodeAffinity}]}}}]");
    const plugin = profile.plugins.find(
      ({ plugin: { name, filter } }) => name === "NodeAffinity" && filter,
    )?.plugin;
    expect(plugin?.judge).toBeUndefined();
    const { cluster } = drawCluster("node\nn");
    const verdict = (nodeSelector: Record<string, string>) =>
      plugin?.filter?.(cycleFor(cluster, { name: "p", object: { kind: "Pod", spec: { nodeSelector } } }));
    expect(verdict({})).toBeUndefined();
    expect(verdict({ disk: "ssd" })).toBe(everyNode);
  });

  it("promises nothing for, and preempts for, no plugin that is disabled there", () => {
    const members = (text: string, name: string) =>
      profiles(text)[0]
        .plugins.filter(({ plugin }) => plugin.name === name)
        .flatMap(({ plugin }) => Object.keys(plugin));
    const disabled =
      "profiles: [{plugins: {reserve: {disabled: [{name: '*'}]}, postFilter: {disabled: [{name: '*'}]}}}]";
    for (const name of ["DynamicResources", "VolumeBinding"]) {
      expect(members("", name)).toContain("reserve");
      expect(members(disabled, name)).toContain("filter");
      expect(members(disabled, name)).not.toContain("reserve");
    }
    expect(members("", "DefaultPreemption")).toContain("postFilter");
    expect(members(disabled, "DefaultPreemption")).toEqual([]);
  });

  it("hands plugins their args and gates", () => {
    const gate = { TaintTolerationComparisonOperators: true };
    const { cluster, row } = drawCluster("node  taints\nn5    a=5:NoSchedule");
    const tolerations = [{ key: "a", operator: "Gt" as const, value: "4" }];
    const cycle = cycleFor(cluster, { name: "p", object: { kind: "Pod", spec: { tolerations } } });
    const verdict = (gates: Record<string, boolean>) =>
      entry(profilesFromCase({}, gates)[0], "TaintToleration")?.judge?.(cycle)?.(row("n5"))?.code;
    expect([verdict(gate), verdict({})]).toEqual([undefined, "UnschedulableAndUnresolvable"]);
  });

  it("refuses gates that are unknown or locked", () => {
    expect(() =>
      profilesFromCase({}, { StorageCapacityScorin: true, DynamicResourceAllocation: false }),
    ).toThrow(
      'unknown feature gate: "StorageCapacityScorin", did you mean StorageCapacityScoring?\n' +
        "invalid feature gate: DynamicResourceAllocation=false, it is locked to true; leave it out",
    );
  });

  it("says at which path a recorded configuration is wrong", () => {
    expect(() => profilesFromCase({ profiles: [{ percentageOfNodesToScore: 101 }] })).toThrow(
      "profiles[0].percentageOfNodesToScore: invalid percentageOfNodesToScore: 101",
    );
  });
});
