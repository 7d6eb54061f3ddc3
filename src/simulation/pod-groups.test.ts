import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { PodGroupObject, PodGroupSpec } from "../kubernetes/pod-group.ts";
import { gangScheduling } from "../plugins/gang-scheduling.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import { definePlugin, type Plugin } from "../scheduler/plugin.ts";
import { defineProfile } from "../scheduler/profile.ts";
import type { Trace } from "../trace/trace.ts";
import { steadyNodes } from "../workload/one-phase.ts";
import type { Phase } from "../workload/scenario.ts";
import { simulate } from "./simulate.ts";

const S = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;

function group(name: string, spec: PodGroupSpec): PodGroupObject {
  return { kind: "PodGroup", metadata: { name }, spec };
}

const gang = (name: string, minCount: number, priority = 0) =>
  group(name, { priority, schedulingPolicy: { gang: { minCount } } });

function node(name: string, cpu: string): NodeSpec {
  const status = { allocatable: { cpu, memory: "8Gi", pods: "10" } };
  return { object: { kind: "Node", metadata: { name }, status } };
}

function pod(cpu: string, podGroupName?: string, priority = 0): PodTemplate {
  const containers = [{ resources: { requests: { cpu } } }];
  const member = podGroupName === undefined ? {} : { schedulingGroup: { podGroupName } };
  return { name: cpu, object: { kind: "Pod", spec: { containers, priority, ...member } } };
}

interface Drawn {
  readonly nodes: readonly NodeSpec[];
  /** Template and arrival in seconds; pods run for ever unless a third number says how long. */
  readonly pods: readonly (readonly [PodTemplate, number, (number | undefined)?])[];
  readonly groups?: readonly PodGroupObject[];
  readonly joinSeconds?: readonly number[];
  /** Instead of one phase in which all pods arrive. */
  readonly phases?: readonly Phase[];
  readonly plugins?: readonly Plugin[];
  readonly horizonSeconds?: number;
}

const all = (pods: number): Phase => ({
  name: "all",
  firstPod: 0,
  endPod: pods,
  completeWhen: "created",
  measured: true,
});

function run({
  nodes,
  pods,
  groups = [],
  joinSeconds = [],
  phases,
  plugins = [gangScheduling],
  horizonSeconds = 1000,
}: Drawn): Trace {
  const base = shippedProfile("default");
  return simulate({
    scenario: {
      nodes,
      nodeTimes: {
        ...steadyNodes(nodes.length),
        joinUs: Float64Array.from(nodes, (_, place) => (joinSeconds[place] ?? 0) * S),
      },
      templates: pods.map(([template]) => template),
      pods: {
        count: pods.length,
        template: Int32Array.from(pods, (_, row) => row),
        arrivalUs: Float64Array.from(pods, ([, at]) => at * S),
        runUs: Float64Array.from(pods, ([, , runs = NEVER]) => runs * S),
        boundTo: new Int32Array(pods.length).fill(-1),
        nameOf: (row) => `default/pod-${row}`,
      },
      phases: phases ?? [all(pods.length)],
      churn: [],
      horizonUs: horizonSeconds * S,
      surroundings: { podGroups: groups },
    },
    profile: defineProfile({
      ...base,
      plugins: [...base.plugins, ...plugins.map((plugin) => ({ plugin }))],
    }),
    seed: 1,
    costs: { attemptUs: 1000, nodeUs: 0, bindUs: 2000, startUs: 3000, nodeLossUs: 10 * S },
    names: { workload: "test", as: "", version: "0" },
  });
}

const seconds = (column: Float64Array) => Array.from(column, (us) => us / S);
const reasonsOf = ({ pods, facts }: Trace) => Array.from(pods.reason, (reason) => facts.reasons[reason]);

describe("a gang in a run", () => {
  it("waits for its last pod, is tried as one, and is bound at one time", () => {
    const { pods } = run({
      nodes: [node("n", "4")],
      pods: [0, 1, 5].map((at) => [pod("1", "g"), at] as const),
      groups: [gang("g", 3)],
    });
    expect(seconds(pods.firstAttemptUs)).toEqual([5, 5, 5]);
    // Three attempts of a millisecond each, then a write.
    expect(seconds(pods.scheduledUs)).toEqual([5.003, 5.003, 5.003]);
    expect(seconds(pods.boundUs)).toEqual([5.005, 5.005, 5.005]);
  });

  it("is told why it is not tried", () => {
    const pods = [
      [pod("1", "g"), 0],
      [pod("1", "unknown"), 0],
    ] as const;
    const trace = run({ nodes: [node("n", "4")], pods, groups: [gang("g", 2)] });
    expect(reasonsOf(trace)).toEqual([
      "waiting for minCount pods from a gang to appear in scheduling queue",
      'waiting for pods\'s pod group "unknown" to appear in scheduling queue',
    ]);
    expect([...trace.pods.attempts]).toEqual([0, 0]);
  });

  it("keeps no place when one of its pods finds none, so that others have it", () => {
    const trace = run({
      nodes: [node("n", "4")],
      pods: [[pod("2", "g"), 0], [pod("2", "g"), 0], [pod("2", "g"), 0], [pod("3"), 1] as const],
      groups: [gang("g", 3)],
    });
    expect([...trace.pods.node]).toEqual([-1, -1, -1, 0]);
    expect(reasonsOf(trace)[0]).toBe("minCount (3) cannot be satisfied: 0 scheduled, 2 remaining");
    const rejectors = Array.from(trace.pods.rejector, (place) => trace.facts.plugins[place]);
    expect(rejectors.slice(0, 3)).toEqual(["NodeResourcesFit", "GangScheduling", "GangScheduling"]);
  });

  it("is tried again when a node joins, all of it", () => {
    const { pods } = run({
      nodes: [node("a", "2"), node("b", "4")],
      joinSeconds: [0, 60],
      pods: [0, 0, 0].map((at) => [pod("2", "g"), at] as const),
      groups: [gang("g", 3)],
    });
    expect(seconds(pods.boundUs)).toEqual([60.005, 60.005, 60.005]);
    expect([...pods.attempts]).toEqual([2, 2, 2]);
  });

  it("takes more pods than it needs as they come, and lets one wait that finds no place", () => {
    const { pods } = run({
      nodes: [node("n", "4")],
      pods: [0, 0, 10, 20].map((at, row) => [pod(row === 2 ? "3" : "1", "g"), at] as const),
      groups: [gang("g", 2)],
    });
    expect([...pods.node]).toEqual([0, 0, -1, 0]);
  });

  it("begins when its object appears", () => {
    const { pods } = run({
      nodes: [node("n", "4")],
      pods: [0, 0].map((at) => [pod("1", "g"), at] as const),
      phases: [
        all(2),
        {
          name: "object",
          firstPod: 2,
          endPod: 2,
          completeWhen: "created",
          measured: false,
          operations: [
            { kind: "sleep", forUs: 30 * S },
            { kind: "addObjects", objects: { podGroups: [gang("g", 2)] } },
          ],
        },
      ],
    });
    expect(seconds(pods.firstAttemptUs)).toEqual([30, 30]);
    expect([...pods.node]).toEqual([0, 0]);
  });

  it("is not scheduled when a pod's priority is not the group's", () => {
    const trace = run({
      nodes: [node("n", "4")],
      pods: [[pod("1", "g", 5), 0] as const],
      groups: [gang("g", 1, 3)],
    });
    expect(reasonsOf(trace)).toEqual([
      "all pods in a single pod group should have the same priority as the pod group's priority, got 5 and 3",
    ]);
    expect(trace.pods.attempts[0]).toBeGreaterThan(5);
  });

  it("stands in the queue by the priority of its object", () => {
    const { pods } = run({
      nodes: [node("n", "2")],
      pods: [
        [pod("2"), 0, 10],
        [pod("1", undefined, 5), 1],
        [pod("1", "g", 9), 2],
        [pod("1", "g", 9), 3],
      ],
      groups: [gang("g", 2, 9)],
    });
    expect([...pods.node]).toEqual([0, -1, 0, 0]);
  });
});

describe("a pod of a gang that is held back by itself", () => {
  it("joins the others when it is let go", () => {
    const gated = pod("1", "g");
    const spec = { ...gated.object.spec, schedulingGates: [{ name: "wait" }] };
    const held: PodTemplate = { ...gated, object: { kind: "Pod", spec } };
    const { pods } = run({
      nodes: [node("n", "4")],
      pods: [
        [held, 0],
        [pod("1", "g"), 0],
        [pod("1", "g"), 0],
      ],
      groups: [gang("g", 3)],
      phases: [
        all(3),
        {
          name: "release",
          firstPod: 3,
          endPod: 3,
          completeWhen: "created",
          measured: false,
          operations: [
            { kind: "sleep", forUs: 30 * S },
            { kind: "updatePods", updates: [{ pod: 0, template: 1 }], everyUs: 0 },
          ],
        },
      ],
    });
    expect([...pods.node]).toEqual([0, 0, 0]);
    expect(new Set(seconds(pods.boundUs)).size).toBe(1);
    expect(pods.boundUs[0]).toBeGreaterThan(30 * S);
  });
});

describe("Permit in a run", () => {
  /** Pods of a gang of three, one of which goes while the attempt is under way; the fourth comes late. */
  function withOneDeleted(fourthAt: number): Trace {
    const ofGang = [0, 0, 0, fourthAt].map((at) => [pod("1", "g"), at] as const);
    return run({
      nodes: [node("n", "4")],
      pods: [...ofGang, [pod("3"), 20]],
      groups: [gang("g", 3)],
      phases: [
        all(3),
        {
          name: "later",
          firstPod: 3,
          endPod: 5,
          completeWhen: "created",
          measured: false,
          operations: [
            { kind: "sleep", forUs: 1500 },
            { kind: "deletePods", pods: [1], everyUs: 0, waits: true },
          ],
        },
      ],
    });
  }

  it("lets pods that have a place wait for one that is missing, and binds all when it comes", () => {
    const { pods } = withOneDeleted(10);
    expect(Number.isNaN(pods.deletedUs[1])).toBe(false);
    expect(seconds(pods.boundUs).map((at) => Math.floor(at))).toEqual([10, Number.NaN, 10, 10, Number.NaN]);
  });

  it("gives their places to others after five minutes", () => {
    const { pods } = withOneDeleted(900);
    expect([...pods.node]).toEqual([-1, -1, -1, -1, 0]);
    expect(Math.floor(pods.boundUs[4] / S)).toBe(300);
  });

  it("asks any plugin, and tries a pod again that was refused or waited in vain", () => {
    const waiting = definePlugin({
      name: "Wait",
      permit: ({ row }) => (row === 0 ? { wait: 7 * S } : "allow"),
    });
    const slow = run({
      nodes: [node("n", "4")],
      pods: [
        [pod("3"), 0],
        [pod("3"), 1],
      ],
      plugins: [waiting],
    });
    expect(slow.pods.attempts[0]).toBeGreaterThan(1);
    expect([...slow.pods.node]).toEqual([-1, 0]);
    const refusing = definePlugin({
      name: "Refuse",
      permit: () => ({ rejected: { code: "Unschedulable", reasons: ["no"] } }),
    });
    const refused = run({ nodes: [node("n", "4")], pods: [[pod("3"), 0]], plugins: [refusing] });
    expect([refused.pods.node[0], refused.pods.attempts[0]]).toEqual([-1, 4]);
  });
});

describe("groups of pods", () => {
  it("a basic group takes what it finds", () => {
    const { pods } = run({
      nodes: [node("n", "2")],
      pods: [0, 0, 0].map((at) => [pod("1", "b"), at] as const),
      groups: [group("b", { schedulingPolicy: { basic: {} } })],
    });
    expect([...pods.node]).toEqual([0, 0, -1]);
  });

  it("mean nothing without the plugin: pods are scheduled one by one", () => {
    const { pods } = run({ nodes: [node("n", "4")], pods: [[pod("1", "g"), 0] as const], plugins: [] });
    expect([...pods.node]).toEqual([0]);
  });

  it("never have fewer pods bound than they need", () => {
    const drawnPod = fc.record({
      gang: fc.integer({ min: 0, max: 3 }),
      cpu: fc.integer({ min: 1, max: 3 }),
      at: fc.integer({ min: 0, max: 40 }),
      runs: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    });
    const drawn = fc.record({
      nodes: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 60 })), {
        minLength: 1,
        maxLength: 4,
      }),
      pods: fc.array(drawnPod, { maxLength: 14 }),
      minCounts: fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 1, max: 4 }))),
    });
    fc.assert(
      fc.property(drawn, ({ nodes, pods, minCounts }) => {
        const trace = run({
          nodes: nodes.map(([cpu], place) => node(`n${place}`, String(cpu))),
          joinSeconds: nodes.map(([, at]) => at),
          // Pods of gang 3 belong to none.
          pods: pods.map(
            (one) =>
              [pod(String(one.cpu), one.gang === 3 ? undefined : `g${one.gang}`), one.at, one.runs] as const,
          ),
          groups: minCounts.map((minCount, place) => gang(`g${place}`, minCount)),
          horizonSeconds: 120,
        });
        minCounts.forEach((minCount, place) => {
          const bound = pods
            .flatMap((one, row) => (one.gang === place ? [trace.pods.boundUs[row]] : []))
            .filter((at) => !Number.isNaN(at))
            .sort((a, b) => a - b);
          if (bound.length === 0) return;
          expect(bound.length).toBeGreaterThanOrEqual(minCount);
          expect(bound[minCount - 1]).toBe(bound[0]);
        });
      }),
      { numRuns: 60 },
    );
  });
});
