import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { shippedProfile, shippedProfiles } from "../plugins/profiles.ts";
import type { Profile } from "../scheduler/profile.ts";
import { gatedProfile, shippedConfigurations } from "./gated-profile.ts";
import { loadPolicy, type PolicyReference, policyReference } from "./policy.ts";

const HEAD = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

function fileWith(text: string, name = "scheduler.yaml"): string {
  const path = join(mkdtempSync(join(tmpdir(), "stowage-policy-")), name);
  writeFileSync(path, text);
  return path;
}

function listed({ plugins }: Profile): string[] {
  return plugins.map(({ plugin, weight }) =>
    weight === undefined ? plugin.name : `${plugin.name} ${weight}`,
  );
}

/** Across a thread, as the pool sends it. */
async function loaded(reference: PolicyReference): Promise<Profile> {
  return loadPolicy(structuredClone(reference));
}

describe("a policy from a KubeSchedulerConfiguration", () => {
  it("is known by its content, whatever the file is called, and crosses threads as data", async () => {
    const yaml = `${HEAD}percentageOfNodesToScore: 40\nprofiles: [{ schedulerName: mine }]\n`;
    for (const name of ["scheduler.yaml", "scheduler", "scheduler.js"]) {
      const reference = await policyReference(fileWith(yaml, name));
      expect([reference.kind, (await loaded(reference)).percentageOfNodesToScore]).toEqual([
        "configuration",
        40,
      ]);
    }
    const json = { apiVersion: "kubescheduler.config.k8s.io/v1", kind: "KubeSchedulerConfiguration" };
    expect((await policyReference(fileWith(JSON.stringify(json), "s.json"))).kind).toBe("configuration");
  });

  it("is the profile named behind #, and must be named when there are several", async () => {
    const path = fileWith(
      `${HEAD}profiles:\n- schedulerName: a\n- schedulerName: b\n  percentageOfNodesToScore: 70\n`,
    );
    expect((await loaded(await policyReference(`${path}#b`))).percentageOfNodesToScore).toBe(70);
    await expect(policyReference(path)).rejects.toThrow(`has 2 profiles; name one: ${path}#a, ${path}#b`);
    await expect(policyReference(`${path}#bb`)).rejects.toThrow(
      `${path}: unknown profile: "bb", did you mean b?`,
    );
  });

  it("has every problem named at once, each at its place", async () => {
    const path = fileWith(
      `${HEAD}parallelizm: 3\nprofiles:\n- plugins:\n    score:\n      enabled: [{ name: NodeResourcesFitt }]\n  percentageOfNodesToScore: 101\n`,
    );
    await expect(policyReference(path)).rejects.toThrow(
      [
        `${path}:3:1: parallelizm: unknown field: "parallelizm", did you mean parallelism?`,
        `${path}:8:29: profiles[0].percentageOfNodesToScore: invalid percentageOfNodesToScore: 101, not in valid range [0-100]; write a whole number from 0 to 100`,
        `${path}:7:25: profiles[0].plugins.score.enabled[0].name: unknown plugin: "NodeResourcesFitt", did you mean NodeResourcesFit?`,
      ].join("\n"),
    );
  });

  it("is asked for by its path when the file is missing or something else", async () => {
    await expect(policyReference("no/such.yaml#a")).rejects.toThrow("no/such.yaml: missing file");
    const other = fileWith("apiVersion: v1\nkind: Pod\n# KubeSchedulerConfiguration\n");
    await expect(policyReference(other)).rejects.toThrow("is no KubeSchedulerConfiguration");
    await expect(policyReference("defalt")).rejects.toThrow(
      'unknown policy: "defalt", did you mean default?',
    );
  });

  it("says what in it is not honoured here", async () => {
    const path = fileWith(`${HEAD}podMaxBackoffSeconds: 60\n`);
    expect((await loaded(await policyReference(path))).description).toBe(
      `profile default-scheduler of ${path}; not honoured here: podMaxBackoffSeconds 60`,
    );
  });

  it("takes feature gates, as the shipped profiles of Kubernetes do", async () => {
    const gates = { TaintTolerationComparisonOperators: true };
    const path = fileWith(HEAD);
    expect((await loaded(await policyReference(path, gates))).description).toMatch(
      /gates TaintTolerationComparisonOperators=true$/,
    );
    expect((await loaded(await policyReference("default", gates))).name).toBe("default");
    await expect(policyReference("default", { NoSuchGate: true })).rejects.toThrow("unknown feature gate");
  });
});

/** Plugins of the real default profile that the shipped ones may lack: configurations have them, and cost their time. */
const ONLY_CONFIGURED = [
  "VolumeRestrictions",
  "NodeVolumeLimits",
  "VolumeBinding 1",
  "VolumeZone",
  "DynamicResources 2",
  "DefaultPreemption",
];

describe("the shipped profiles of Kubernetes", () => {
  it.each(Object.keys(shippedConfigurations))(
    "%s has the plugins and weights of its KubeSchedulerConfiguration, and DeviceShare, as that has",
    (name) => {
      const shipped = shippedProfile(name);
      // A gate that changes nothing, so that the profile is made from its configuration.
      const configured = gatedProfile(name, { OpportunisticBatching: true });
      const [here, there] = [listed(shipped), listed(configured)];
      expect(here.filter((plugin) => !there.includes(plugin))).toEqual([]);
      const lacking = there.filter((plugin) => !here.includes(plugin));
      expect(lacking.filter((plugin) => !ONLY_CONFIGURED.includes(plugin))).toEqual([]);
      // The order of a profile is told by what runs at each point.
      for (const member of ["preEnqueue", "preFilter", "filter", "score", "reserve"] as const) {
        const having = ({ plugins }: Profile) =>
          plugins.filter(({ plugin }) => plugin[member] !== undefined).map(({ plugin }) => plugin.name);
        const both = having(configured).filter((plugin) => having(shipped).includes(plugin));
        expect([member, having(shipped)]).toEqual([member, both]);
      }
      expect([configured.percentageOfNodesToScore, configured.tieBreak]).toEqual([
        shipped.percentageOfNodesToScore,
        shipped.tieBreak,
      ]);
    },
  );

  it("are all but the baselines", () => {
    const baselines = shippedProfiles().filter(({ name }) => shippedConfigurations[name] === undefined);
    expect(baselines.map(({ tieBreak }) => tieBreak)).not.toContain("upstream");
  });
});
