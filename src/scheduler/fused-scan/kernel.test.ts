import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Cluster } from "../../cluster/cluster.ts";
import { nodeResourcesBalancedAllocation } from "../../plugins/node-resources-balanced-allocation.ts";
import { nodeResourcesFit } from "../../plugins/node-resources-fit.ts";
import type { Cycle, Plugin, Score } from "../plugin.ts";
import { FusedPlan } from "./fused-plan.ts";
import type { Kernel } from "./kernel.ts";
import { NodeMirror } from "./node-mirror.ts";
import { PlainKernel } from "./plain-kernel.ts";
import { wasmKernel } from "./wasm-kernel.ts";

/** Amounts whose quotients are often whole, and some that are not; 0 now and then. */
const amount = (unit: string) =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant("0") },
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 20 }).map((n) => `${n * 10}${unit}`) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 4000 }).map((n) => `${n}${unit}`) },
  );

const amounts = fc.record({
  cpu: amount("m"),
  memory: fc.oneof(amount("Mi"), amount("")),
  "ephemeral-storage": amount("Mi"),
});

const node = fc.record({ allocatable: amounts, pods: fc.integer({ min: 0, max: 4 }) });

/** Some amounts are not asked for. */
const pod = fc
  .tuple(amounts, fc.constantFrom(0, 1, 2, 3))
  .map(([requests, asked]) => Object.fromEntries(Object.entries(requests).slice(0, asked)));

const cases = fc.record({
  nodes: fc.array(node, { minLength: 1, maxLength: 23 }),
  pods: fc.array(pod, { minLength: 1, maxLength: 30 }),
  places: fc.infiniteStream(fc.nat({ max: 999 })),
  type: fc.constantFrom("LeastAllocated" as const, "MostAllocated" as const),
  cpuWeight: fc.integer({ min: 1, max: 5 }),
  weights: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
});

/** What the plugins themselves say of every node: the total, or -1. */
function asked(plugins: readonly { plugin: Plugin; weight: number }[], cycle: Cycle): number[] {
  return Array.from(cycle.nodes.order, (row) => {
    const one = { rows: Uint32Array.of(row), length: 1 };
    for (const { plugin } of plugins) plugin.filter?.(cycle)?.(one);
    if (one.length === 0) return -1;
    return plugins.reduce((total, { plugin, weight }) => {
      const cell = new Int32Array(1);
      (plugin.score?.(cycle) as Score | undefined)?.(one, cell);
      return total + cell[0] * weight;
    }, 0);
  });
}

function scanned(kernel: Kernel, most: boolean, from: number, size: number, masked: boolean): number[] {
  const found = kernel[most ? "most" : "least"](from, size, 1, masked);
  const totals = [...kernel.block.totals.subarray(1, 1 + size)];
  expect(found).toBe(totals.filter((total) => total >= 0).length);
  return totals;
}

describe("kernels", () => {
  it("always filter and score as NodeResourcesFit and BalancedAllocation do, with WebAssembly and without", () => {
    fc.assert(
      fc.property(cases, ({ nodes, pods, places, type, cpuWeight, weights }) => {
        const cluster = new Cluster();
        nodes.forEach(({ allocatable, pods: allowed }, i) => {
          const status = { allocatable: { ...allocatable, pods: allowed } };
          cluster.addNode({ object: { kind: "Node", metadata: { name: `n${i}` }, status } });
        });
        const resources = [
          { name: "cpu", weight: cpuWeight },
          { name: "memory", weight: 1 },
        ];
        const plugins = [
          { plugin: nodeResourcesFit({ scoringStrategy: { type, resources } }), weight: weights[0] },
          { plugin: nodeResourcesBalancedAllocation(), weight: weights[1] },
        ];
        const plan = new FusedPlan(plugins);
        const mirrors = [
          new NodeMirror((rows) => new PlainKernel(rows)),
          new NodeMirror((rows) => wasmKernel(rows)!),
        ];
        pods.forEach((requests, row) => {
          const object = { kind: "Pod" as const, spec: { containers: [{ resources: { requests } }] } };
          const kind = cluster.kind({ name: "p", object });
          const cycle = { pod: kind, row, nodes: cluster.nodes, cluster };
          expect(plan.make(cycle)).toBe(true);
          const expected = asked(plugins, cycle);
          const from = places.next().value! % nodes.length;
          for (const mirror of mirrors) {
            const kernel = mirror.kernel(cluster.nodes, cluster.changes)!;
            plan.write(kernel.block.amounts);
            expect(scanned(kernel, plan.most, 0, nodes.length, false)).toEqual(expected);
            const rest = nodes.length - from;
            kernel.block.mask.fill(0);
            kernel.block.mask[from] = -1;
            expect(scanned(kernel, plan.most, from, rest, true)).toEqual([-1, ...expected.slice(from + 1)]);
          }
          // Nodes fill up, sometimes beyond what they have.
          cluster.assume(row, kind, places.next().value! % nodes.length, 0);
        });
      }),
      { numRuns: 300 },
    );
  });

  it("always find the same best totals, places and ranks", () => {
    const totals = fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(totals, (list) => {
        const best = Math.max(...list);
        const places = list.flatMap((total, place) => (total === best ? [place] : []));
        const ranks = places.map((place) => list.slice(0, place).filter((total) => total >= 0).length);
        for (const kernel of [new PlainKernel(list.length), wasmKernel(list.length)!]) {
          kernel.block.totals.fill(9);
          kernel.block.totals.set(list);
          expect(kernel.best(list.length)).toBe(best);
          if (best < 0) continue;
          expect(kernel.ties(list.length, best)).toBe(places.length);
          expect([...kernel.block.places.subarray(0, places.length)]).toEqual(places);
          expect([...kernel.block.ranks.subarray(0, places.length)]).toEqual(ranks);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.skipIf(!existsSync("node_modules/assemblyscript"))(
    "are compiled from the source that lies beside them (skipped where assemblyscript is not installed)",
    () => {
      const check = () =>
        execFileSync("node", [new URL("build-kernel.mjs", import.meta.url).pathname, "--check"]);
      expect(check).not.toThrow();
    },
  );
});
