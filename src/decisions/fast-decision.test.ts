import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { profilesFromCase } from "../configuration/profiles-of.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { arbitraries } from "../testing/arbitraries.ts";
import { CaseCluster } from "./case-cluster.ts";
import { disagreements, FastDecisions } from "./fast-decision.ts";
import { recordDecision } from "./record-decision.ts";

const profile = profilesFromCase({})[0];
const NODES = 4;

const pod = fc.record({
  template: arbitraries.podTemplate,
  priority: fc.nat({ max: 3 }),
  node: fc.nat({ max: NODES - 1 }),
  place: fc.constantFrom("bound", "bound", "nominated", "waiting"),
  start: fc.nat({ max: 3 }),
  cpu: fc.constantFrom("1", "2", "3"),
});
const cluster = fc.record({
  nodes: arbitraries.nodes(NODES, NODES),
  pods: fc.array(pod, { minLength: 4, maxLength: 14 }),
  budget: fc.option(fc.nat({ max: 1 }), { nil: undefined }),
});

type Drawn = typeof cluster extends fc.Arbitrary<infer T> ? T : never;

function caseOf({ nodes, pods, budget }: Drawn): CaseCluster {
  const nodeName = (node: number) => nodes[node].object.metadata?.name ?? "";
  const allocatable = { cpu: "4", memory: "16Gi", pods: "4", "ephemeral-storage": "20Gi" };
  const objects: unknown[] = nodes.map(({ object }) => ({
    ...object,
    status: { ...object.status, allocatable: { ...object.status?.allocatable, ...allocatable } },
  }));
  if (budget !== undefined) {
    objects.push({
      kind: "PodDisruptionBudget",
      metadata: { name: "b", namespace: "default" },
      spec: { selector: { matchExpressions: [{ key: "app", operator: "Exists" }] } },
      status: { disruptionsAllowed: budget },
    });
  }
  const drawn = pods.map(({ template, priority, node, place, start, cpu }, i): PodObject => {
    const { object } = template;
    // Requests that fill nodes, and whatever else was drawn.
    const containers = (object.spec?.containers ?? []).map((container) => ({
      ...container,
      resources: { requests: { ...container.resources?.requests, cpu } },
    }));
    return {
      ...object,
      metadata: { ...object.metadata, name: `p${i}` },
      spec: { ...object.spec, containers, priority, ...(place === "bound" && { nodeName: nodeName(node) }) },
      status: {
        startTime: `2030-01-01T00:00:0${start}Z`,
        ...(place === "nominated" && { nominatedNodeName: nodeName(node) }),
      },
    };
  });
  return new CaseCluster({ objects: [...objects, ...drawn], pods: [] });
}

describe("the scheduling cycle and the plain derivation of its decisions", () => {
  it("always agree, also on nominated nodes, beside nominated pods, and on who is preempted", () => {
    const seen = { nominated: 0, beside: 0, preempting: 0 };
    fc.assert(
      fc.property(cluster, (drawn) => {
        const state = caseOf(drawn);
        const { nominations } = state;
        const fast = new FastDecisions(state, profile);
        for (const [i, { place }] of drawn.pods.entries()) {
          if (place === "bound") continue;
          const row = state.row(`${state.kind(i).namespace}/p${i}`);
          const kind = state.kind(row);
          const record = recordDecision({
            cluster: state.cluster,
            profile,
            row,
            kind,
            name: state.name(row),
            attempt: 1,
            start: fast.nextStart,
            nominations,
            podName: state.name,
          });
          if (record.outcome === "gated") continue;
          expect(disagreements(record, fast.decide(row, kind, 1))).toEqual([]);
          if (place === "nominated") seen.nominated++;
          else if (!nominations.empty) seen.beside++;
          if (record.preemption) seen.preempting++;
        }
      }),
      { numRuns: 150 },
    );
    for (const often of Object.values(seen)) expect(often).toBeGreaterThan(30);
  });
});
