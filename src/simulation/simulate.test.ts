import { describe, expect, it } from "vitest";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import type { Trace } from "../trace/trace.ts";
import type { NodeTimes, Scenario } from "../workload/scenario.ts";
import { simulate } from "./simulate.ts";

const S = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;

function node(name: string, cpu: string): NodeSpec {
  return {
    object: { kind: "Node", metadata: { name }, status: { allocatable: { cpu, memory: "8Gi", pods: "10" } } },
  };
}

function pod(cpu: string, priority = 0): PodTemplate {
  const containers = [{ resources: { requests: { cpu, memory: "1Gi" } } }];
  return { name: cpu, object: { kind: "Pod", spec: { containers, priority } } };
}

interface Drawn {
  readonly nodes: readonly NodeSpec[];
  /** Template, arrival and run time in seconds. */
  readonly pods: readonly (readonly [PodTemplate, number, number])[];
  readonly times?: Partial<NodeTimes>;
  readonly horizonSeconds?: number;
}

function scenario({ nodes, pods, times, horizonSeconds = 1000 }: Drawn): Scenario {
  const templates = [...new Set(pods.map(([template]) => template))];
  const never = () => new Float64Array(nodes.length).fill(NEVER);
  return {
    nodes,
    nodeTimes: {
      joinUs: new Float64Array(nodes.length),
      cordonUs: never(),
      uncordonUs: never(),
      lostUs: never(),
      ...times,
    },
    templates,
    pods: {
      count: pods.length,
      template: Int32Array.from(pods, ([template]) => templates.indexOf(template)),
      arrivalUs: Float64Array.from(pods, ([, at]) => at * S),
      runUs: Float64Array.from(pods, ([, , runs]) => runs * S),
      boundTo: new Int32Array(pods.length).fill(-1),
      nameOf: (row) => `default/pod-${row}`,
    },
    phases: [{ name: "all", firstPod: 0, endPod: pods.length, completeWhen: "created", measured: true }],
    churn: [],
    horizonUs: horizonSeconds * S,
  };
}

function run(drawn: Drawn, policy = "default"): Trace {
  return simulate({
    scenario: scenario(drawn),
    profile: shippedProfile(policy),
    seed: 1,
    costs: { attemptUs: 1000, nodeUs: 0, bindUs: 2000, startUs: 3000, nodeLossUs: 10 * S },
    names: { workload: "test", as: "", version: "0" },
  });
}

const seconds = (column: Float64Array) => Array.from(column, (us) => us / S);

describe("simulate", () => {
  it("takes a pod through its stations, each after its cost", () => {
    const { pods } = run({ nodes: [node("n", "4")], pods: [[pod("1"), 1, 5]] });
    expect(
      [
        pods.createdUs,
        pods.firstAttemptUs,
        pods.scheduledUs,
        pods.boundUs,
        pods.startedUs,
        pods.finishedUs,
      ].flatMap(seconds),
    ).toEqual([1, 1, 1.001, 1.003, 1.006, 6.006]);
  });

  it("lets a pod that finds no room wait until another one leaves", () => {
    const { pods } = run({
      nodes: [node("n", "1")],
      pods: [
        [pod("1"), 0, 20],
        [pod("800m"), 1, 5],
      ],
    });
    expect(pods.attempts[1]).toBe(2);
    // The first pod ends at 20.006 s; the second has long backed off by then.
    expect(pods.scheduledUs[1] / S).toBeCloseTo(20.007, 6);
    expect(pods.node[1]).toBe(0);
  });

  it("serves higher priority first when pods wait together", () => {
    const { pods } = run({
      nodes: [node("n", "1")],
      pods: [
        [pod("1"), 0, 10],
        [pod("1", 0), 1, 10],
        [pod("1", 5), 2, 10],
      ],
    });
    expect(pods.scheduledUs[2]).toBeLessThan(pods.scheduledUs[1]);
  });

  it("counts what is pending at the horizon, with the reason", () => {
    const { pods, facts } = run({ nodes: [node("n", "1")], pods: [[pod("2"), 0, 10]], horizonSeconds: 100 });
    expect(pods.node[0]).toBe(-1);
    expect(facts.reasons[pods.reason[0]]).toBe("Insufficient cpu");
    expect(facts.plugins[pods.rejector[0]]).toBe("NodeResourcesFit");
  });

  it("places on a node that joins later, and not on one that is cordoned", () => {
    const times = { joinUs: Float64Array.of(0, 30 * S), cordonUs: Float64Array.of(5 * S, NEVER) };
    const { pods } = run({
      nodes: [node("a", "4"), node("b", "4")],
      pods: [
        [pod("1"), 1, 500],
        [pod("1"), 10, 500],
      ],
      times,
    });
    expect([...pods.node]).toEqual([0, 1]);
    expect(pods.scheduledUs[1]).toBeGreaterThanOrEqual(30 * S);
  });

  it("deletes the pods of a lost node after the control plane gives it up, and places nothing there any more", () => {
    const times = { lostUs: Float64Array.of(20 * S, NEVER) };
    const { pods, nodes } = run({
      nodes: [node("a", "8"), node("b", "4")],
      pods: [
        [pod("1"), 1, 500],
        [pod("1"), 25, 500],
      ],
      times,
    });
    expect(pods.node[0]).toBe(0);
    expect(pods.deletedUs[0]).toBe(30 * S);
    expect(pods.node[1]).toBe(1);
    expect(nodes.lostUs[0]).toBe(20 * S);
  });

  it("needs no event to pass a long quiet time", () => {
    const days = 149 * 86_400;
    const { facts } = run({
      nodes: [node("n", "4")],
      pods: [
        [pod("1"), 0, 5],
        [pod("1"), days, 5],
      ],
      horizonSeconds: days + 100,
    });
    expect(facts.events).toBeLessThan(20);
  });

  it("runs phases one after another: the second begins when the first is scheduled", () => {
    const base = scenario({
      nodes: [node("n", "4")],
      pods: [
        [pod("1"), 0, NEVER],
        [pod("1"), 0, NEVER],
      ],
    });
    const phases = [0, 1].map((i) => ({
      name: `p${i}`,
      firstPod: i,
      endPod: i + 1,
      completeWhen: "scheduled" as const,
      measured: true,
    }));
    const trace = simulate({
      scenario: { ...base, phases },
      profile: shippedProfile("default"),
      seed: 1,
      names: { workload: "test", as: "", version: "0" },
      stopAfterPhases: true,
    });
    expect(trace.pods.createdUs[1]).toBe(trace.pods.scheduledUs[0]);
    expect(trace.facts.endUs).toBe(trace.pods.scheduledUs[1]);
  });

  it("makes and deletes objects in turn under churn", () => {
    const base = scenario({
      nodes: [node("n", "4")],
      pods: [
        [pod("1"), 0, NEVER],
        [pod("100m"), 10, NEVER],
      ],
      horizonSeconds: 20,
    });
    const trace = simulate({
      scenario: {
        ...base,
        churn: [
          {
            fromPhase: 0,
            mode: "recreate",
            number: 1,
            intervalUs: S,
            makes: [
              { kind: "pod", template: 1 },
              { kind: "node", node: node("extra", "1") },
              { kind: "other", what: "Service" },
            ],
          },
        ],
      },
      profile: shippedProfile("default"),
      seed: 1,
      names: { workload: "test", as: "", version: "0" },
    });
    // Ticks at 1 s to 9 s make, delete, make ...; the workload is over when its last pod has arrived, at 10 s.
    expect(trace.pods.count).toBe(2 + 5);
    expect(trace.nodes.count).toBe(1 + 5);
    expect(Array.from(trace.pods.deletedUs).filter((us) => us > 0)).toHaveLength(4);
  });
});
