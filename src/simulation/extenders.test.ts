import { describe, expect, it } from "vitest";
import { shippedProfile } from "../plugins/profiles.ts";
import { type Extender, ExtenderError } from "../scheduler/extender.ts";
import { steadyNodes } from "../workload/one-phase.ts";
import type { Scenario } from "../workload/scenario.ts";
import { simulate } from "./simulate.ts";

/** Two nodes, and a pod that arrives at once. */
const scenario: Scenario = {
  nodes: ["a", "b"].map((name) => ({
    object: { kind: "Node", metadata: { name }, status: { allocatable: { cpu: 4, memory: "8Gi", pods: 9 } } },
  })),
  nodeTimes: steadyNodes(2),
  templates: [{ name: "pod", object: { kind: "Pod", spec: { containers: [{ name: "c" }] } } }],
  pods: {
    count: 1,
    template: new Int32Array(1),
    arrivalUs: new Float64Array(1),
    runUs: new Float64Array([Number.POSITIVE_INFINITY]),
    boundTo: new Int32Array([-1]),
    nameOf: () => "default/web",
  },
  phases: [{ name: "all", firstPod: 0, endPod: 1, completeWhen: "scheduled", measured: true }],
  churn: [],
  horizonUs: 60e6,
};

function run(extender: Partial<Extender>) {
  const profile = {
    ...shippedProfile("default"),
    extenders: [{ name: "http://extender", ignorable: false, isInterested: () => true, ...extender }],
  };
  const names = { workload: "w", as: "fill", version: "0" };
  const { pods, nodes } = simulate({ scenario, profile, seed: 1, names });
  return { attempts: pods.attempts[0], node: nodes.names[pods.node[0]] };
}

/** Fails so many times, then does as it is told. */
function failing<T>(times: number, then: T): () => T {
  let calls = 0;
  return () => {
    if (calls++ < times) throw new ExtenderError("no answer");
    return then;
  };
}

describe("extenders in a simulation", () => {
  it("are asked again when the pod is tried again after its back-off", () => {
    const verdict = { nodes: ["b"], failed: { a: "not here" }, failedAndUnresolvable: {} };
    expect(run({ filter: failing(2, verdict) })).toEqual({ attempts: 3, node: "b" });
  });

  it("may refuse to bind, and the pod is tried again", () => {
    const told: string[] = [];
    const refuses = failing(1, undefined);
    const bind: Extender["bind"] = (pod, node) => {
      told.push(`${pod.metadata?.name} on ${node}`);
      refuses();
    };
    expect(run({ bind }).attempts).toBe(2);
    expect(told).toHaveLength(2);
    expect(told[0]).toMatch(/^web on [ab]$/);
    told.length = 0;
    expect(run({ bind: failing(9, undefined), ignorable: true }).attempts).toBe(1);
  });
});
