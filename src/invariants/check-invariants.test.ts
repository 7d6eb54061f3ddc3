import { describe, expect, it } from "vitest";
import { shippedProfile } from "../plugins/profiles.ts";
import { simulate } from "../simulation/simulate.ts";
import type { Trace } from "../trace/trace.ts";
import type { Scenario } from "../workload/scenario.ts";
import { checkInvariants } from "./check-invariants.ts";

/** Two pods that fill a node with one device, one after the other. */
function soundTrace(): Trace {
  const scenario: Scenario = {
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
  return simulate({
    scenario,
    profile: shippedProfile("default"),
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
