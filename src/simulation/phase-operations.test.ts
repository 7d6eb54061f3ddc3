import { describe, expect, it } from "vitest";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import { shippedProfile } from "../plugins/profiles.ts";
import type { Trace } from "../trace/trace.ts";
import type { Phase, PhaseOperation, Scenario } from "../workload/scenario.ts";
import { simulate } from "./simulate.ts";

const S = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;

function node(name: string, labels: Readonly<Record<string, string>> = {}): NodeSpec {
  const status = { allocatable: { cpu: "4", memory: "8Gi", pods: "10" } };
  return { object: { kind: "Node", metadata: { name, labels }, status } };
}

function pod(cpu: string, spec: PodTemplate["object"]["spec"] = {}): PodTemplate {
  const containers = [{ resources: { requests: { cpu } } }];
  return {
    name: cpu,
    object: { kind: "Pod", spec: { containers, terminationGracePeriodSeconds: 0, ...spec } },
  };
}

type Part = Partial<Omit<Phase, "firstPod" | "endPod" | "name" | "measured">> & { readonly pods: number };

/** Phases one after another, each with the next pods; templates by pod. Nodes are there from the start unless they are late. */
function run(
  nodes: readonly NodeSpec[],
  templates: readonly PodTemplate[],
  parts: readonly Part[],
  late: readonly number[] = [],
  more: Partial<Pick<Scenario, "churn" | "waitsAtMostUs">> = {},
): Trace {
  let end = 0;
  const phases = parts.map(({ pods, ...rest }, i): Phase => {
    const firstPod = end;
    end += pods;
    return { name: `p${i}`, firstPod, endPod: end, completeWhen: "scheduled", measured: true, ...rest };
  });
  const never = () => new Float64Array(nodes.length).fill(NEVER);
  return simulate({
    scenario: {
      nodes,
      nodeTimes: {
        joinUs: Float64Array.from(nodes, (_, row) => (late.includes(row) ? NEVER : 0)),
        cordonUs: never(),
        uncordonUs: never(),
        lostUs: never(),
      },
      templates,
      pods: {
        count: end,
        template: Int32Array.from({ length: end }, (_, row) => Math.min(row, templates.length - 1)),
        arrivalUs: new Float64Array(end),
        runUs: new Float64Array(end).fill(NEVER),
        boundTo: new Int32Array(end).fill(-1),
        nameOf: (row) => `default/pod-${row}`,
      },
      phases,
      churn: [],
      horizonUs: 1000 * S,
      ...more,
    },
    profile: shippedProfile("default"),
    seed: 1,
    costs: { attemptUs: 1000, nodeUs: 0, bindUs: 2000, startUs: 3000, nodeLossUs: 10 * S },
    stopAfterPhases: true,
    names: { workload: "test", as: "", version: "0" },
  });
}

const alone = (...operations: PhaseOperation[]): Part => ({ pods: 0, operations });

describe("operations of phases", () => {
  it("lets nodes join, which brings a waiting pod back", () => {
    const { pods, nodes } = run(
      [node("a"), node("b")],
      [pod("4")],
      [
        { pods: 2, completeWhen: "attempted" },
        alone(
          { kind: "sleep", forUs: 20 * S },
          { kind: "addNodes", first: 1, end: 2 },
          { kind: "sleep", forUs: S },
        ),
      ],
      [1],
    );
    expect(nodes.joinedUs[1]).toBe(20.002 * S);
    expect(pods.scheduledUs[1]).toBe(20.003 * S);
  });

  it("deletes pods on ticks and waits for the last one", () => {
    const { pods, facts } = run(
      [node("a")],
      [pod("1")],
      [{ pods: 2 }, alone({ kind: "deletePods", pods: [0, 1], everyUs: S, waits: true })],
    );
    expect([...pods.deletedUs]).toEqual([1_002_000, 2_002_000]);
    expect(facts.endUs).toBe(2_002_000);
  });

  it("goes on while pods are deleted where it need not wait", () => {
    const { pods } = run(
      [node("a")],
      [pod("2"), pod("2"), pod("2")],
      [
        { pods: 2 },
        { pods: 1, operations: [{ kind: "deletePods", pods: [0, 1], everyUs: 5 * S, waits: false }] },
      ],
    );
    // It finds no room at first; the first deletion makes some, when its second of back-off is over.
    expect([pods.firstAttemptUs[2], pods.scheduledUs[2]]).toEqual([0.002 * S, 5.003 * S]);
    expect(pods.deletedUs[1]).toBeNaN();
  });

  it("goes on while pods are updated where it need not wait", () => {
    const { pods, facts } = run(
      [node("a")],
      [pod("1", { schedulingGates: [{ name: "wait" }] }), pod("1")],
      [
        { pods: 1, completeWhen: "created" },
        alone({ kind: "updatePods", updates: [{ pod: 0, template: 1 }], everyUs: 3 * S, waits: false }),
        { pods: 1 },
        alone({ kind: "sleep", forUs: 5 * S }),
      ],
    );
    expect([pods.scheduledUs[1], pods.scheduledUs[0]]).toEqual([0.001 * S, 3.001 * S]);
    expect(facts.endUs).toBe(5.001 * S);
  });

  it("skips a pod that is being deleted when its turn comes", () => {
    const deleting: PodTemplate = {
      name: "deleting",
      object: { ...pod("4").object, metadata: { deletionTimestamp: "2030-01-01T00:00:00Z" } },
    };
    const { pods } = run(
      [node("a"), node("b")],
      [pod("4"), pod("4"), deleting],
      [
        { pods: 2, completeWhen: "attempted" },
        alone({ kind: "updatePods", updates: [{ pod: 1, template: 2 }], everyUs: 0 }),
        // The node has room for it, and brings it back.
        alone({ kind: "addNodes", first: 1, end: 2 }, { kind: "sleep", forUs: 30 * S }),
      ],
      [1],
    );
    expect([pods.attempts[1], pods.scheduledUs[1], pods.deletedUs[1]]).toEqual([1, Number.NaN, Number.NaN]);
  });

  it("gives up when its pods do not come as far in time, and begins no further phase", () => {
    const churn = { fromPhase: 0, mode: "create", number: 0, intervalUs: S } as const;
    const { pods, facts } = run(
      [node("a")],
      [pod("1"), pod("5"), pod("1"), pod("6")],
      [{ pods: 2 }, { pods: 1 }],
      [],
      // Attempts of others, so that there is something to look at the time for.
      { waitsAtMostUs: 3.5 * S, churn: [{ ...churn, makes: [{ kind: "pod", template: 3 }] }] },
    );
    expect([pods.scheduledUs[0], facts.endUs]).toEqual([0.001 * S, 4_001_000]);
    expect([pods.attempts[1], pods.createdUs[2]]).toEqual([1, Number.NaN]);
  });

  it("updates nodes and pods, and the scheduler hears of what changed", () => {
    const wanting = { nodeSelector: { zone: "a" } };
    const { pods } = run(
      [node("a")],
      [pod("1", wanting), pod("1", { ...wanting, schedulingGates: [{ name: "wait" }] }), pod("1", wanting)],
      [
        { pods: 2, completeWhen: "attempted" },
        alone({ kind: "updatePods", updates: [{ pod: 1, template: 2 }], everyUs: 3 * S }),
        alone({
          kind: "updateNodes",
          updates: [{ node: 0, spec: node("a", { zone: "a" }) }],
          everyUs: 10 * S,
        }),
        alone({ kind: "sleep", forUs: S }),
      ],
    );
    expect([pods.firstAttemptUs[1], pods.attempts[1]]).toEqual([3.001 * S, 2]);
    expect([pods.scheduledUs[0], pods.scheduledUs[1]]).toEqual([13.002 * S, 13.003 * S]);
  });

  it("completes a phase when pods of earlier ones have come as far, too", () => {
    const { pods } = run(
      [node("a"), node("b")],
      [pod("4")],
      [
        { pods: 2, completeWhen: "created" },
        {
          pods: 0,
          operations: [
            { kind: "sleep", forUs: S },
            { kind: "addNodes", first: 1, end: 2 },
          ],
        },
        { pods: 0, awaits: [{ first: 0, end: 2 }] },
        { pods: 1, completeWhen: "created" },
      ],
      [1],
    );
    expect(pods.createdUs[2]).toBe(pods.scheduledUs[1]);
  });

  it("keeps a steady state: each pod that was scheduled makes room for another one", () => {
    const { pods, facts } = run([node("a")], [pod("1")], [{ pods: 2, steadyForUs: 10_000 }]);
    const scheduled = Array.from(pods.scheduledUs).filter((us) => us > 0);
    expect([pods.count, scheduled.length]).toEqual([11, 9]);
    expect(facts.endUs).toBe(10_000);
  });
});

describe("several profiles", () => {
  it("schedules each pod by the profile of its scheduler name, and some by none", () => {
    const nodes = [node("a"), node("b")];
    const byName = (schedulerName?: string) => pod("1", schedulerName === undefined ? {} : { schedulerName });
    const never = () => new Float64Array(2).fill(NEVER);
    const templates = [byName(), byName("packs"), byName("packs"), byName("nobody")];
    const { pods, facts } = simulate({
      scenario: {
        nodes,
        nodeTimes: {
          joinUs: new Float64Array(2),
          cordonUs: never(),
          uncordonUs: never(),
          lostUs: never(),
        },
        templates,
        pods: {
          count: 4,
          template: Int32Array.of(0, 1, 2, 3),
          arrivalUs: new Float64Array(4),
          runUs: new Float64Array(4).fill(NEVER),
          boundTo: new Int32Array(4).fill(-1),
          nameOf: (row) => `default/pod-${row}`,
        },
        phases: [{ name: "all", firstPod: 0, endPod: 4, completeWhen: "created", measured: true }],
        churn: [],
        horizonUs: 10 * S,
      },
      profile: shippedProfile("default"),
      profiles: [
        { ...shippedProfile("default"), name: "default-scheduler" },
        { ...shippedProfile("most-allocated"), name: "packs" },
      ],
      seed: 1,
      names: { workload: "test", as: "", version: "0" },
    });
    expect([...pods.node]).toEqual([0, 0, 0, -1]);
    expect(facts.reasons[pods.reason[3]]).toBe("no profile for scheduler name nobody");
  });
});
