import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { profilesFromCase } from "../../src/configuration/profiles-of.ts";
import { BenchStopwatch } from "../../src/experiment/bench-stopwatch.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import { compareCases, defaultPerfFolder, selectCases } from "./cases.ts";
import { kubePlayer } from "./kube-scheduler.ts";
import { perfCase } from "./perf-script.ts";
import { placementsByPod } from "./placements.ts";
import { playScript } from "./play-script.ts";
import { readScript, writeScript } from "./script.ts";
import { scriptOf } from "./script-of.ts";
import { capped, settled } from "./shorten-script.ts";
import { equalPodsInBatches, everyPodDifferent, manyKinds } from "./synthetic.ts";
import { measuredWork } from "./work-done.ts";

const perfFolder = defaultPerfFolder();
const file = (folder: string): string => join(perfFolder, folder, "performance-config.yaml");
const SMALL = { nodes: 20, pods: 60 };
let scratch = "";

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "bench-compare-"));
});
afterAll(() => rm(scratch, { recursive: true }));

describe("a script", () => {
  it("is read as it was written", async () => {
    const operations = [...everyPodDifferent(SMALL)];
    const path = join(scratch, "script.jsonl");
    await writeScript(path, operations);
    expect(await readScript(path)).toEqual(operations);
  });

  it("places every pod the same by index and by scan", () => {
    for (const made of [everyPodDifferent(SMALL), manyKinds(SMALL, 30), equalPodsInBatches(SMALL)]) {
      const operations = [...made];
      const byIndex = playScript(operations);
      expect(byIndex.placements).toBe(playScript(operations, { algorithm: "scan" }).placements);
      expect(measuredWork(byIndex.phases)).toMatchObject({ attempts: 60, scheduled: 60, unschedulable: 0 });
    }
  });

  it("ends its measured loops after so many attempts", () => {
    const short = playScript([...capped(everyPodDifferent(SMALL), 7)]);
    const whole = playScript([...everyPodDifferent(SMALL)]);
    expect(measuredWork(short.phases).attempts).toBe(7);
    expect(whole.placements.startsWith(short.placements)).toBe(true);
  });
});

describe.skipIf(!existsSync(perfFolder))("a scheduler_perf workload", () => {
  it.each([
    ["misc", "SchedulingBasic/5Nodes"],
    ["affinity", "SchedulingPodAntiAffinity/5Nodes"],
    ["affinity", "SchedulingPreferredPodAffinity/5Nodes"],
    ["topology_spreading", "TopologySpreading/5Nodes"],
    ["topology_spreading", "DefaultTopologySpreading/5Nodes"],
    ["misc", "SchedulingDaemonset/5Nodes"],
  ])("%s: %s goes as in the simulation, by index and by scan", async (folder, name) => {
    const { scenario, settings } = await perfCase(file(folder), name);
    const operations = [...scriptOf(scenario, settings)];
    const [profile] = profilesFromCase(settings.config, settings.gates);
    const stopwatch = new BenchStopwatch(scenario.phases);
    const trace = simulate({
      scenario,
      profile,
      seed: 42,
      stopwatch,
      stopAfterPhases: true,
      names: { workload: name, as: "", version: "" },
    });
    const { pods, nodes } = stopwatch.placements;
    const simulated = pods.map((pod, i) => `${scenario.pods.nameOf(pod)},${trace.nodes.names[nodes[i]]}\n`);
    expect(simulated.length).toBeGreaterThan(0);
    for (const algorithm of ["index", "scan"] as const) {
      expect(playScript(operations, { algorithm }).placements).toBe(simulated.join(""));
    }
  });

  it("of preemption makes room for every pod, and its victims go", async () => {
    const { scenario, settings } = await perfCase(file("default_preemption"), "PreemptionBasic/5Nodes");
    const { phases } = playScript([...scriptOf(scenario, settings)]);
    expect(measuredWork(phases)).toMatchObject({ scheduled: 5, unschedulable: 5, preempted: 20 });
  });

  it("of deleted pods leaves those out that a finalizer keeps", async () => {
    const name = "SchedulingDeletedPodsWithFinalizers/10Node_100DeletingPods";
    const { scenario, settings } = await perfCase(file("misc"), name);
    const { phases } = playScript([...scriptOf(scenario, settings)]);
    expect(measuredWork(phases)).toMatchObject({ attempts: 10, scheduled: 10 });
  });

  it("of churn ticks after so many attempts", async () => {
    const { scenario, settings } = await perfCase(file("misc"), "SchedulingWithMixedChurn/1000Nodes");
    const { phases } = playScript([...scriptOf(scenario, settings)]);
    // The large pod of the one tick is tried as well.
    expect(measuredWork(phases)).toMatchObject({ attempts: 1001, scheduled: 1000, unschedulable: 1 });
  });

  it("starts with the pods of other phases in their places when it is settled", async () => {
    const { scenario, settings } = await perfCase(file("affinity"), "SchedulingPodAntiAffinity/5Nodes");
    const operations = [...scriptOf(scenario, settings)];
    const whole = playScript(operations);
    const short = playScript([...settled(operations, placementsByPod(whole.placements))]);
    expect(measuredWork(short.phases).scheduled).toBe(measuredWork(whole.phases).scheduled);
    expect(short.phases.every(({ measured }) => measured)).toBe(true);
  });
});

it("says so where there is no Go", async () => {
  const player = await kubePlayer(scratch, "no-such-go");
  expect(player).toEqual({
    missing: expect.stringContaining("there is no Go (no-such-go); install Go") as string,
  });
});

it("refuses a case that there is not, with the names of those there are", () => {
  const cases = compareCases("no-such-folder");
  expect(selectCases(cases, ["KINDS"])).toHaveLength(1);
  expect(() => selectCases(cases, ["nothing"])).toThrow(
    /unknown case: nothing; there are Every pod different, /,
  );
});
