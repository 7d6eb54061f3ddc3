import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvariantViolation } from "../../base/errors.ts";
import { Cluster } from "../../cluster/cluster.ts";
import type { PodTemplate } from "../../cluster/specs.ts";
import type { PodSpec } from "../../kubernetes/pod.ts";
import { deviceShare } from "../../plugins/device-share.ts";
import { registry } from "../../plugins/registry.ts";
import { arbitraries } from "../../testing/arbitraries.ts";
import { drawCluster } from "../../testing/draw-cluster.ts";
import { FiltersInThought } from "../filters-in-thought.ts";
import { Nominations } from "../nominations.ts";
import { defineProfile, type Profile, TIE_BREAKS, type TieBreak } from "../profile.ts";
import { SchedulingCycle } from "../scheduling-cycle.ts";
import { type AttemptClock, OpportunisticBatching } from "./opportunistic-batching.ts";

/** Upstream's plugins, without the default spread constraints under which no pod is batched. */
function signable(tieBreak: TieBreak): Profile {
  const args = { PodTopologySpread: { defaultingType: "List", defaultConstraints: [] } } as const;
  const plugins = [...registry.values()].flatMap(({ gate, make, weight = 1 }) =>
    gate !== undefined || make === undefined ? [] : [{ plugin: make(args, () => false), weight }],
  );
  return defineProfile({ name: "signable", tieBreak, plugins: [...plugins, { plugin: deviceShare }] });
}

class Scheduler {
  readonly cluster: Cluster;
  readonly clock: AttemptClock = { attempt: 0, nowUs: 0 };
  readonly nominations = new Nominations();
  readonly cycle: SchedulingCycle;
  /** Rows of the pods that it placed. */
  readonly placed: number[] = [];
  #nextRow = 1000;

  constructor(cluster: Cluster, tieBreak: TieBreak = "upstream") {
    const { clock, nominations } = this;
    const profile = signable(tieBreak);
    const hints = OpportunisticBatching.of({ profile, clock, seed: 1 });
    expect(hints).toBeDefined();
    this.cluster = cluster;
    this.cycle = new SchedulingCycle({ cluster, profile, seed: 1, nominations, hints });
  }

  get nextRow(): number {
    return this.#nextRow;
  }

  /** Decides, and places the pod where it was decided. */
  schedule(template: PodTemplate) {
    const { cluster, cycle } = this;
    const row = this.#nextRow++;
    const kind = cluster.kind(template);
    this.clock.attempt++;
    const { node, evaluated, devices } = cycle.run(row, kind, 1);
    const hint = cycle.hinted;
    if (node !== -1) {
      cluster.assume(row, kind, node, devices);
      this.placed.push(row);
    }
    const name = (of: number) => (of === -1 ? undefined : cluster.nodes.name(of));
    return { node: name(node), hint: name(hint), evaluated };
  }
}

function pod(cpu: string, spec: PodSpec = {}): PodTemplate {
  const containers = [{ resources: { requests: { cpu, memory: "1Gi" } } }];
  return { name: "p", object: { kind: "Pod", spec: { ...spec, containers } } };
}

// The fuller a node, the lower its score: n3, n1, n4, n2.
const FOUR = `
node  cpu    memory
n1    2/10   0/64Gi
n2    4/10   0/64Gi
n3    1/10   0/64Gi
n4    3/10   0/64Gi
`;
const TWO = `
node  cpu    memory
n1    0/10   0/64Gi
n2    0/10   0/64Gi
`;
const big = pod("6");
const small = pod("1");

function four(tieBreak?: TieBreak) {
  const drawn = drawCluster(FOUR);
  return { ...drawn, scheduler: new Scheduler(drawn.cluster, tieBreak) };
}

describe("OpportunisticBatching", () => {
  it("tries the next equal pod on the next best node alone", () => {
    const { scheduler } = four();
    expect(scheduler.schedule(big)).toEqual({ node: "n3", hint: undefined, evaluated: 4 });
    const start = scheduler.cycle.nextStart;
    expect(scheduler.schedule(big)).toEqual({ node: "n1", hint: "n1", evaluated: 1 });
    expect(scheduler.schedule(big)).toEqual({ node: "n4", hint: "n4", evaluated: 1 });
    expect(scheduler.cycle.nextStart).toBe(start);
  });

  it("scores the last node anew while it still takes the pod", () => {
    const { scheduler } = four();
    const nodes = Array.from({ length: 4 }, () => scheduler.schedule(small));
    expect(nodes.map(({ evaluated }) => evaluated)).toEqual([4, 1, 1, 1]);
    // With one pod n3 is as full as n1, and takes the second or the third.
    expect(
      nodes
        .slice(0, 3)
        .map(({ node }) => node)
        .sort((a = "", b = "") => a.localeCompare(b)),
    ).toEqual(["n1", "n3", "n3"]);
  });

  it.each(TIE_BREAKS)(
    "decides alike for small pods as without it, under tie rule %s, but for ties",
    (rule) => {
      const { scheduler } = four(rule);
      const plain = drawCluster(FOUR).cluster;
      const cycle = new SchedulingCycle({ cluster: plain, profile: signable(rule), seed: 1 });
      const requested = (cluster: Cluster) => cluster.nodes.order.map((node) => cluster.podsOn(node).length);
      for (let i = 0; i < 10; i++) {
        scheduler.schedule(small);
        const { node } = cycle.run(1000 + i, plain.kind(small), 1);
        plain.assume(1000 + i, plain.kind(small), node, 0);
      }
      expect(requested(scheduler.cluster)).toEqual(requested(plain));
    },
  );

  it("searches anew for a pod of another signature, and for the next one after it", () => {
    const { scheduler } = four();
    scheduler.schedule(big);
    expect(scheduler.schedule(pod("5")).hint).toBeUndefined();
    expect(scheduler.schedule(big).hint).toBeUndefined();
  });

  it("searches anew after a pod that cannot be signed", () => {
    const { scheduler } = four();
    const spread = pod("1", { topologySpreadConstraints: [{ topologyKey: "zone", maxSkew: 1 }] });
    scheduler.schedule(big);
    expect(scheduler.schedule(spread).hint).toBeUndefined();
    expect(scheduler.schedule(big).hint).toBeUndefined();
  });

  it("searches anew after an attempt that failed, or was another profile's", () => {
    const { scheduler } = four();
    scheduler.schedule(big);
    expect(scheduler.schedule(pod("64")).node).toBeUndefined();
    expect(scheduler.schedule(big)).toMatchObject({ node: "n1", hint: undefined });
    scheduler.clock.attempt++;
    expect(scheduler.schedule(big)).toMatchObject({ node: "n4", hint: undefined });
  });

  it("searches anew once what it keeps is older than half a second, however often it was used", () => {
    const { scheduler } = four();
    scheduler.schedule(big);
    scheduler.clock.nowUs = 500_000;
    expect(scheduler.schedule(big).hint).toBe("n1");
    scheduler.clock.nowUs = 500_001;
    expect(scheduler.schedule(big).hint).toBeUndefined();
  });

  it("searches anew when the last node is gone", () => {
    const { scheduler, cluster, row } = four();
    scheduler.schedule(big);
    for (const held of cluster.podsOn(row("n3")).slice()) cluster.release(held);
    cluster.removeNode(row("n3"));
    expect(scheduler.schedule(big)).toMatchObject({ node: "n1", hint: undefined, evaluated: 3 });
  });

  it("keeps nothing when one node was feasible, or none is left", () => {
    const { scheduler } = four();
    expect(scheduler.schedule(pod("9")).node).toBe("n3");
    expect(scheduler.schedule(pod("9")).hint).toBeUndefined();
    const two = new Scheduler(drawCluster(TWO).cluster);
    two.schedule(small);
    expect(two.schedule(small).hint).toBeDefined();
    const full = new Scheduler(drawCluster(TWO).cluster);
    expect([big, big, big].map((template) => full.schedule(template).hint !== undefined)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("proposes nothing to a pod that is nominated to a node", () => {
    const { scheduler, cluster, row } = four();
    scheduler.schedule(big);
    scheduler.nominations.nominate(scheduler.nextRow, cluster.kind(big), row("n2"));
    expect(scheduler.schedule(big)).toEqual({ node: "n2", hint: undefined, evaluated: 1 });
  });

  it("searches when the proposed node does not do, counts it, and keeps what the search found", () => {
    const { scheduler, cluster, nodes, row } = four();
    scheduler.schedule(big);
    const { object } = nodes[0];
    cluster.updateNode(row("n1"), { object: { ...object, spec: { ...object.spec, unschedulable: true } } });
    expect(scheduler.schedule(big)).toEqual({ node: "n4", hint: "n1", evaluated: 4 });
    expect(scheduler.schedule(big)).toEqual({ node: "n2", hint: "n2", evaluated: 1 });
  });

  it("searches when the proposed node is gone", () => {
    const { scheduler, cluster, row } = four();
    scheduler.schedule(big);
    for (const held of cluster.podsOn(row("n1")).slice()) cluster.release(held);
    cluster.removeNode(row("n1"));
    expect(scheduler.schedule(big)).toMatchObject({ node: "n4", evaluated: 3 });
  });

  it("says beforehand what it will propose", () => {
    const { scheduler, cluster, row } = four();
    scheduler.schedule(big);
    scheduler.clock.attempt++;
    const ask = () => scheduler.cycle.hintFor(scheduler.nextRow, cluster.kind(big));
    expect([ask(), ask()]).toEqual([row("n1"), row("n1")]);
    scheduler.clock.attempt--;
    expect(scheduler.schedule(big).node).toBe("n1");
  });
});

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("schedule" as const), times: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("release" as const), times: fc.constant(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cordon" as const), times: fc.constant(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), times: fc.constant(1) }) },
);

describe("a scheduler that batches", () => {
  it("always places a pod on a node that takes it, and never leaves one that some node would take", () => {
    let proposed = 0;
    const history = fc.record({
      nodes: arbitraries.nodes(2, 8),
      templates: fc.array(arbitraries.podTemplate, { minLength: 1, maxLength: 3 }),
      steps: fc.array(fc.tuple(step, fc.nat({ max: 99 })), { minLength: 4, maxLength: 12 }),
      tieBreak: fc.constantFrom(...TIE_BREAKS),
    });
    fc.assert(
      fc.property(history, ({ nodes, templates, steps, tieBreak }) => {
        const cluster = new Cluster();
        for (const node of nodes) cluster.addNode(node);
        const scheduler = new Scheduler(cluster, tieBreak);
        const schedule = (template: PodTemplate): void => {
          const cycle = {
            pod: cluster.kind(template),
            row: scheduler.nextRow,
            nodes: cluster.nodes,
            cluster,
          };
          const plain = new FiltersInThought(cluster, signable(tieBreak), undefined, cycle);
          const takers = [...cluster.nodes.order]
            .filter((node) => plain.rejection(node) === undefined)
            .map((node) => cluster.nodes.name(node));
          let decided: ReturnType<Scheduler["schedule"]>;
          try {
            decided = scheduler.schedule(template);
          } catch (error) {
            // A preferred term that does not parse fails the attempt.
            expect(error).toBeInstanceOf(InvariantViolation);
            return;
          }
          const { node, hint } = decided;
          if (node === undefined) expect(takers).toEqual([]);
          else expect(takers).toContain(node);
          if (hint !== undefined) proposed++;
        };
        for (const [{ kind, times }, choice] of steps) {
          const { order } = cluster.nodes;
          const node = order[choice % order.length];
          if (kind === "schedule") {
            for (let i = 0; i < times; i++) schedule(templates[choice % templates.length]);
          } else if (kind === "release" && scheduler.placed.length > 0) {
            cluster.release(scheduler.placed.splice(choice % scheduler.placed.length, 1)[0]);
          } else if (kind === "cordon") {
            const object = cluster.nodes.object(node);
            const cordoned = { ...object, spec: { ...object.spec, unschedulable: true } };
            cluster.updateNode(node, {
              ...nodes.find(({ object: known }) => known.metadata?.name === cluster.nodes.name(node)),
              object: cordoned,
            });
          } else if (kind === "remove" && order.length > 1) {
            for (const held of cluster.podsOn(node).slice()) {
              cluster.release(held);
              scheduler.placed.splice(scheduler.placed.indexOf(held), 1);
            }
            cluster.removeNode(node);
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(proposed).toBeGreaterThan(100);
  });
});
