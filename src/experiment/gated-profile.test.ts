import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { checkInvariants } from "../invariants/check-invariants.ts";
import { simulate } from "../simulation/simulate.ts";
import { drawScenario } from "../workload/draw-scenario.ts";
import { readSchedulerPerf } from "../workload/read-scheduler-perf.ts";
import { gatedProfile } from "./gated-profile.ts";

const upstream = resolve(import.meta.dirname, "../../../shared/upstream/scheduler_perf");

function pluginsOf(policy: string, gates: Readonly<Record<string, boolean>>): string[] {
  return gatedProfile(policy, gates).plugins.map(({ plugin }) => plugin.name);
}

describe("gatedProfile", () => {
  it("gives a gate's plugin to policies that Kubernetes could run, and only while the gate is on", () => {
    expect(pluginsOf("default", { GenericWorkload: true })).toContain("GangScheduling");
    expect(pluginsOf("default", { GenericWorkload: false })).not.toContain("GangScheduling");
    expect(pluginsOf("first-fit", { GenericWorkload: true })).not.toContain("GangScheduling");
  });
});

/** Pods scheduled and not, and why not, of a workload of scheduler_perf under the gates that it sets. */
async function outcomeOf(file: string, select: string) {
  const [workload] = await readSchedulerPerf(join(upstream, file, "performance-config.yaml"), { select });
  const trace = simulate({
    scenario: drawScenario(workload, 1),
    profile: gatedProfile("default", workload.scheduler?.featureGates ?? {}),
    seed: 1,
    stopAfterPhases: true,
    names: { workload: workload.name, as: "", version: "0" },
  });
  const scheduled = trace.pods.scheduledUs.filter((at) => !Number.isNaN(at)).length;
  return {
    scheduled,
    pending: trace.pods.count - scheduled,
    reasons: trace.facts.reasons,
    broken: checkInvariants(trace),
  };
}

describe.skipIf(!existsSync(upstream))(
  "groups of pods in scheduler_perf (needs ../shared/upstream/scheduler_perf)",
  () => {
    it.each([
      ["podgroup/basicscheduling", "BasicScheduling/100Nodes_10Groups", 30],
      ["podgroup/gangscheduling", "GangScheduling/100Nodes_10Gangs", 30],
      ["default_preemption", "PreemptionPodGroupDisruptionMode/FastTest_PodGroupDisruptionMode_Single", 5],
    ])("all pods are placed in %s", async (file, name, pods) => {
      expect(await outcomeOf(file, name)).toEqual({
        scheduled: pods,
        pending: 0,
        reasons: [],
        broken: {},
      });
    });

    it("a group whose pods have another priority than itself stands in nobody's way", async () => {
      const outcome = await outcomeOf("starvation", "StarvationPodGroup/10Nodes_100Cloggers_Podgroup");
      expect(outcome).toMatchObject({ scheduled: 50, pending: 100, broken: {} });
      expect(outcome.reasons[0]).toMatch(/^all pods in a single pod group should have the same priority/);
    });
  },
);
