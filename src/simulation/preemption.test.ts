import { describe, expect, it } from "vitest";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import { defaultPreemption } from "../plugins/default-preemption.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import { defineProfile } from "../scheduler/profile.ts";
import type { Trace } from "../trace/trace.ts";
import { onePhase, steadyNodes } from "../workload/one-phase.ts";
import { simulate } from "./simulate.ts";

const S = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;

const others = shippedProfile("default").plugins.filter(({ plugin }) => plugin.name !== "DefaultPreemption");
const profile = defineProfile({
  ...shippedProfile("default"),
  plugins: [...others, { plugin: defaultPreemption() }],
});

function node(name: string, cpu: string): NodeSpec {
  const status = { allocatable: { cpu, memory: "8Gi", pods: "10" } };
  return { object: { kind: "Node", metadata: { name }, status } };
}

function pod(cpu: string, priority: number, graceSeconds?: number): PodTemplate {
  const containers = [{ resources: { requests: { cpu } } }];
  const grace = graceSeconds === undefined ? {} : { terminationGracePeriodSeconds: graceSeconds };
  return { name: cpu, object: { kind: "Pod", spec: { containers, priority, ...grace } } };
}

/** Template and arrival, in seconds; pods run for ever unless a third number says how long. */
type Arrival = readonly [PodTemplate, number, number?];

function run(nodes: readonly NodeSpec[], pods: readonly Arrival[]): Trace {
  return simulate({
    scenario: {
      nodes,
      nodeTimes: steadyNodes(nodes.length),
      templates: pods.map(([template]) => template),
      pods: {
        count: pods.length,
        template: Int32Array.from(pods, (_, row) => row),
        arrivalUs: Float64Array.from(pods, ([, at]) => at * S),
        runUs: Float64Array.from(pods, ([, , runs = NEVER]) => runs * S),
        boundTo: new Int32Array(pods.length).fill(-1),
        nameOf: (row) => `default/pod-${row}`,
      },
      phases: onePhase(pods.length),
      churn: [],
      horizonUs: 200 * S,
    },
    profile,
    seed: 1,
    costs: { attemptUs: 1000, nodeUs: 0, bindUs: 2000, startUs: 3000, nodeLossUs: 10 * S },
    names: { workload: "test", as: "", version: "0" },
  });
}

describe("preemption in a run", () => {
  it("makes room when the victim has had its time to stop, and places the pod there", () => {
    const { pods } = run(
      [node("n", "4")],
      [
        [pod("3", 0), 0],
        [pod("3", 10), 10],
      ],
    );
    // The attempt ends after 1 ms, a write later (2 ms) the victim is asked to go, and it takes 30 s.
    expect([...pods.deletedUs]).toEqual([40.003 * S, Number.NaN]);
    expect([...pods.scheduledUs]).toEqual([0.001 * S, 40.004 * S]);
    expect([[...pods.preempted], [...pods.preemptions], [...pods.attempts]]).toEqual([
      [1, 0],
      [0, 1],
      [1, 2],
    ]);
  });

  it("asks the least important pods that are enough, and retries as soon as they are gone", () => {
    const { pods } = run(
      [node("n", "4")],
      [
        [pod("2", 5, 0), 0],
        [pod("2", 1, 0), 1],
        [pod("2", 10), 10],
      ],
    );
    expect([...pods.preempted]).toEqual([0, 1, 0]);
    expect(pods.deletedUs[1]).toBe(10.003 * S);
    // In back-off for the rest of its first second, and taken out of it early, for nobody else waits.
    expect(pods.scheduledUs[2]).toBe(10.004 * S);
  });

  it("keeps the room for the nominated pod while its victim stops", () => {
    const small = pod("1", 0);
    const { pods } = run(
      [node("n", "4")],
      [
        [pod("4", 0, 20), 0, 15],
        [pod("4", 10), 10],
        [small, 11],
      ],
    );
    // The victim finishes by itself after 5 s of its 20; the small pod, which would fit, waits for the nominated one.
    expect(pods.finishedUs[0]).toBe(15.006 * S);
    expect(pods.scheduledUs[1]).toBe(15.007 * S);
    expect(pods.scheduledUs[2]).toBeNaN();
  });

  it("does not preempt again while its victim stops", () => {
    const { pods } = run(
      [node("a", "4"), node("b", "4")],
      [
        [pod("3900m", 0), 0],
        [pod("3900m", 0), 1],
        [pod("3900m", 10), 10],
        // Its end brings the waiting pod back for another attempt.
        [pod("10m", 20), 3, 17],
      ],
    );
    expect([pods.preemptions[2], pods.attempts[2]]).toEqual([1, 3]);
    expect(pods.preempted.reduce((sum, one) => sum + one, 0)).toBe(1);
  });

  it("leaves pods of equal priority alone", () => {
    const { pods } = run(
      [node("n", "4")],
      [
        [pod("3", 5), 0],
        [pod("3", 5), 10],
      ],
    );
    expect([pods.preemptions[1], pods.node[1]]).toEqual([0, -1]);
  });
});
