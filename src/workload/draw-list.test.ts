import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawList } from "./draw-list.ts";
import type { Scenario } from "./scenario.ts";
import type { As, ListContent } from "./workload.ts";

/** Nodes of 10 CPUs; pods of 1 to 4 CPUs, every third one bound to the first node, created backwards in time. */
function listOf(pods: number, nodes: number, as: As): ListContent {
  const rows = Array.from({ length: pods }, (_, row) => row);
  return {
    kind: "list",
    as,
    nodes: Array.from({ length: nodes }, (_, i) => ({
      object: {
        kind: "Node",
        metadata: { name: `n${i}` },
        status: { allocatable: { cpu: "10", pods: "110" } },
      },
    })),
    templates: [1, 2, 3, 4].map((cpu) => ({
      name: `${cpu}cpu`,
      object: { kind: "Pod", spec: { containers: [{ resources: { requests: { cpu } } }] } },
    })),
    pods: {
      count: pods,
      template: Int32Array.from(rows, (row) => row % 4),
      boundTo: Int32Array.from(rows, (row) => (row % 3 === 0 ? 0 : -1)),
      createdUs: Float64Array.from(rows, (row) => (pods - row) * 1e6),
      runUs: Float64Array.from(rows, () => 5e6),
      names: rows.map((row) => `default/p${row}`).join("\n"),
    },
  };
}

function names({ pods }: Scenario): string[] {
  return Array.from({ length: pods.count }, (_, row) => pods.nameOf(row));
}

function askedCpu({ pods }: Scenario): number {
  return pods.template.reduce((sum, template) => sum + template + 1, 0);
}

const fill = (percent?: number): As => ({ mode: "fill", percent });

describe("a list of pods", () => {
  it("fills in an order drawn from the seed, ten a second, and nobody leaves or keeps a place", () => {
    const scenario = drawList(listOf(8, 1, fill()), 42);
    expect(names(scenario).toSorted()).toEqual(names(drawList(listOf(8, 1, fill()), 43)).toSorted());
    expect(names(scenario)).not.toEqual(names(drawList(listOf(8, 1, fill()), 43)));
    expect(scenario.pods.arrivalUs.slice(0, 3)).toEqual(Float64Array.of(0, 100_000, 200_000));
    expect(new Set(scenario.pods.runUs)).toEqual(new Set([Number.POSITIVE_INFINITY]));
    expect(new Set(scenario.pods.boundTo)).toEqual(new Set([-1]));
  });

  it("keeps bound pods first where they are and lets the pending ones arrive at the start, in their order", () => {
    const scenario = drawList(listOf(6, 1, { mode: "pending" }), 42);
    expect(names(scenario)).toEqual([0, 3, 1, 2, 4, 5].map((row) => `default/p${row}`));
    expect([...scenario.pods.boundTo]).toEqual([0, 0, -1, -1, -1, -1]);
    expect(new Set(scenario.pods.arrivalUs)).toEqual(new Set([0]));
  });

  it("keeps the start times of bound pods with their places, and of no other pods", () => {
    const startedUs = Float64Array.of(-3e6, 0, 0, Number.POSITIVE_INFINITY, 0, 0);
    const drawn = (as: As) => {
      const list = listOf(6, 1, as);
      return drawList({ ...list, pods: { ...list.pods, startedUs } }, 42).pods.startedUs;
    };
    expect([...drawn({ mode: "pending" })!].slice(0, 2)).toEqual([-3e6, Number.POSITIVE_INFINITY]);
    expect(drawn({ mode: "repack" })).toBeUndefined();
  });

  it("replays recorded times in order of creation, whatever the seed", () => {
    const scenario = drawList(listOf(4, 1, { mode: "replay" }), 42);
    expect(names(scenario)).toEqual([3, 2, 1, 0].map((row) => `default/p${row}`));
    expect([...scenario.pods.arrivalUs]).toEqual([1e6, 2e6, 3e6, 4e6]);
    expect(scenario.horizonUs).toBe(9e6 + 10e6);
    expect(names(drawList(listOf(4, 1, { mode: "replay" }), 7))).toEqual(names(scenario));
  });

  it("repacks every pod anew", () => {
    const scenario = drawList(listOf(9, 1, { mode: "repack" }), 42);
    expect(scenario.pods.count).toBe(9);
    expect(new Set(scenario.pods.boundTo)).toEqual(new Set([-1]));
  });

  it("always asks for at most the share wanted, and for no less than it minus the greatest pod", () => {
    const shapes = fc.record({
      pods: fc.integer({ min: 1, max: 60 }),
      nodes: fc.integer({ min: 1, max: 6 }),
      percent: fc.integer({ min: 40, max: 300 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(shapes, ({ pods, nodes, percent, seed }) => {
        const content = listOf(pods, nodes, fill(percent));
        const asked = askedCpu(drawList(content, seed));
        const target = (percent * nodes * 10) / 100;
        expect(asked).toBeLessThanOrEqual(target);
        expect(asked).toBeGreaterThan(target - 4.001);
      }),
    );
  });

  it("always gives distinct names, repeated pods included", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const all = names(drawList(listOf(5, 6, fill(130)), seed));
        expect(new Set(all).size).toBe(all.length);
        expect(all.some((name) => name.endsWith("#2"))).toBe(true);
      }),
    );
  });

  it("always begins with the same order, whatever share is asked for", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const whole = names(drawList(listOf(12, 4, fill()), seed));
        expect(names(drawList(listOf(12, 4, fill(150)), seed)).slice(0, 12)).toEqual(whole);
      }),
    );
  });
});
