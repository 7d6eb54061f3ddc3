import { describe, expect, it } from "vitest";
import type { PodTemplate } from "../cluster/specs.ts";
import { registry } from "../plugins/registry.ts";
import { defineProfile, type Profile } from "../scheduler/profile.ts";
import type { Scenario } from "../workload/scenario.ts";
import { simulate } from "./simulate.ts";

const S = 1_000_000;
const NODES = 8;

/** Upstream's plugins without the default spread constraints, under which no pod is batched. */
const args = { PodTopologySpread: { defaultingType: "List", defaultConstraints: [] } } as const;
const profile = defineProfile({
  name: "signable",
  plugins: [...registry.values()].flatMap(({ gate, make, weight = 1 }) =>
    gate !== undefined || make === undefined ? [] : [{ plugin: make(args, () => false), weight }],
  ),
});

const template: PodTemplate = {
  name: "pod",
  object: {
    kind: "Pod",
    spec: { containers: [{ resources: { requests: { cpu: "3", memory: "1Gi" } } }] },
  },
};

function scenario(pods: number, everySeconds: number): Scenario {
  const never = () => new Float64Array(NODES).fill(Number.POSITIVE_INFINITY);
  const allocatable = (node: number) => ({ cpu: "4", memory: `${8 + node}Gi`, pods: "10" });
  return {
    nodes: Array.from({ length: NODES }, (_, node) => ({
      object: { kind: "Node", metadata: { name: `n${node}` }, status: { allocatable: allocatable(node) } },
    })),
    nodeTimes: {
      joinUs: new Float64Array(NODES),
      cordonUs: never(),
      uncordonUs: never(),
      lostUs: never(),
    },
    templates: [template],
    pods: {
      count: pods,
      template: new Int32Array(pods),
      arrivalUs: Float64Array.from({ length: pods }, (_, i) => i * everySeconds * S),
      runUs: new Float64Array(pods).fill(1e6 * S),
      boundTo: new Int32Array(pods).fill(-1),
      nameOf: (row) => `default/pod-${row}`,
    },
    phases: [{ name: "all", firstPod: 0, endPod: pods, completeWhen: "created", measured: true }],
    churn: [],
    horizonUs: 100 * S,
  };
}

function run(pods: number, everySeconds: number, under: Profile = profile) {
  const hints: number[] = [];
  const trace = simulate({
    scenario: scenario(pods, everySeconds),
    profile: under,
    seed: 1,
    onAttempt: ({ hint }) => hints.push(hint()),
    names: { workload: "test", as: "", version: "0" },
  });
  return { hints, evaluated: Array.from(trace.pods.evaluated), nodes: Array.from(trace.pods.node) };
}

describe("a simulated scheduler", () => {
  it("tries equal pods in a row on the nodes that were found for the first", () => {
    const { hints, evaluated, nodes } = run(5, 0.1);
    expect(evaluated).toEqual([NODES, 1, 1, 1, 1]);
    expect(hints).toEqual([-1, ...nodes.slice(1)]);
    expect(new Set(nodes).size).toBe(5);
  });

  it("searches anew for pods that come more than half a second after the first", () => {
    const { evaluated } = run(5, 0.3);
    expect(evaluated).toEqual([NODES, 1, NODES, 1, NODES]);
  });

  it("searches for each pod with the gate off, and places them on the same nodes", () => {
    const { hints, evaluated, nodes } = run(5, 0.1, { ...profile, batching: false });
    expect(hints).toEqual([-1, -1, -1, -1, -1]);
    expect(evaluated).toEqual([NODES, NODES, NODES, NODES, NODES]);
    // Among equal totals the heap may give another order.
    const sorted = (list: number[]) => list.sort((a, b) => a - b);
    expect(sorted(nodes)).toEqual(sorted(run(5, 0.1).nodes));
  });
});
