import { describe, expect, it } from "vitest";
import { defaultPreemption } from "../plugins/default-preemption.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import { defineProfile, type Profile } from "../scheduler/profile.ts";
import { simulate } from "../simulation/simulate.ts";
import type { Trace } from "../trace/trace.ts";
import type { Scenario } from "../workload/scenario.ts";
import { checkInvariants } from "./check-invariants.ts";

/** Two pods that fill a node with one device, one after the other. */
function soundTrace(): Trace {
  return run(twoPods(), shippedProfile("default"));
}

/** The second of them is more important, and comes while the first one runs. */
function preemptingTrace(): Trace {
  const scenario = twoPods();
  const [template] = scenario.templates;
  const object = { ...template.object, spec: { ...template.object.spec, priority: 1 } };
  const others = shippedProfile("default").plugins.filter(
    ({ plugin }) => plugin.name !== "DefaultPreemption",
  );
  return run(
    {
      ...scenario,
      templates: [template, { ...template, object }],
      pods: { ...scenario.pods, template: Int32Array.of(0, 1), runUs: Float64Array.of(90e6, 5e6) },
    },
    defineProfile({
      ...shippedProfile("default"),
      plugins: [...others, { plugin: defaultPreemption() }],
    }),
  );
}

function twoPods(): Scenario {
  return {
    nodes: [
      {
        object: {
          kind: "Node",
          metadata: { name: "n" },
          status: { allocatable: { cpu: "2", memory: "4Gi", pods: "10" } },
        },
        devices: { model: "T4", count: 1 },
      },
    ],
    nodeTimes: {
      joinUs: Float64Array.of(0),
      cordonUs: Float64Array.of(Number.POSITIVE_INFINITY),
      uncordonUs: Float64Array.of(Number.POSITIVE_INFINITY),
      lostUs: Float64Array.of(Number.POSITIVE_INFINITY),
    },
    templates: [
      {
        name: "t",
        object: {
          kind: "Pod",
          spec: { containers: [{ resources: { requests: { cpu: "2", memory: "1Gi" } } }] },
        },
        devices: { count: 1, milli: 600 },
      },
    ],
    pods: {
      count: 2,
      template: Int32Array.of(0, 0),
      arrivalUs: Float64Array.of(0, 1e6),
      runUs: Float64Array.of(5e6, 5e6),
      boundTo: Int32Array.of(-1, -1),
      nameOf: (row) => `p${row}`,
    },
    phases: [{ name: "all", firstPod: 0, endPod: 2, completeWhen: "created", measured: true }],
    churn: [],
    horizonUs: 100e6,
  };
}

function run(scenario: Scenario, profile: Profile): Trace {
  return simulate({
    scenario,
    profile,
    seed: 1,
    names: { workload: "w", as: "", version: "0" },
  });
}

const violated = (trace: Trace) =>
  Object.entries(checkInvariants(trace)).flatMap(([name, what]) => (what === undefined ? [] : [name]));

describe("checkInvariants", () => {
  it("finds nothing wrong with a sound trace", () => {
    const trace = soundTrace();
    expect([...trace.pods.node]).toEqual([0, 0]);
    expect(violated(trace)).toEqual([]);
  });

  it("does not ask for an extended resource that devices stand in for where a node has none of it", () => {
    const trace = soundTrace();
    const withGpus = (byDevices: boolean): Trace => ({
      ...trace,
      resources: [
        ...trace.resources,
        { name: "example.com/gpu", unit: "count", ...(byDevices && { byDevices: true as const }) },
      ],
      templates: trace.templates.map((template) => ({ ...template, requests: [...template.requests, 1] })),
      nodes: { ...trace.nodes, allocatable: [...trace.nodes.allocatable, Float64Array.of(0)] },
    });
    expect(violated(withGpus(true))).toEqual([]);
    expect(violated(withGpus(false))).toEqual(["capacityNeverExceeded"]);
  });

  it("finds nothing wrong when a pod makes room for another one", () => {
    const trace = preemptingTrace();
    expect([[...trace.pods.preempted], [...trace.pods.node]]).toEqual([
      [1, 0],
      [0, 0],
    ]);
    expect(violated(trace)).toEqual([]);
  });

  it.each<[string, string, (trace: Trace) => void]>([
    [
      "two pods at once where one fits",
      "capacityNeverExceeded",
      ({ pods }) => pods.scheduledUs.set([pods.scheduledUs[0]], 1),
    ],
    [
      "a device beyond those of the node",
      "devicesNeverOversubscribed",
      ({ pods }) => pods.devices.set([2], 1),
    ],
    ["a device never taken", "devicesNeverOversubscribed", ({ pods }) => pods.devices.set([0], 1)],
    ["a placement before the node joined", "onlyPresentNodes", ({ nodes }) => nodes.joinedUs.set([3e6])],
    ["a placement after the node was lost", "onlyPresentNodes", ({ nodes }) => nodes.lostUs.set([0.5e6])],
    ["bound before it was scheduled", "stationsInOrder", ({ pods }) => pods.boundUs.set([0])],
    ["bound and on no node", "stationsInOrder", ({ pods }) => pods.node.set([-1])],
  ])("catches %s", (_what, name, plant) => {
    const trace = soundTrace();
    plant(trace);
    expect(violated(trace)).toContain(name);
  });
});
