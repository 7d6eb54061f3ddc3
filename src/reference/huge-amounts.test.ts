import { describe, expect, it } from "vitest";
import { InvariantViolation } from "../base/errors.ts";
import { Cluster } from "../cluster/cluster.ts";
import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import { nodeResourcesBalancedAllocation } from "../plugins/node-resources-balanced-allocation.ts";
import { nodeResourcesFit } from "../plugins/node-resources-fit.ts";
import type { Plugin } from "../scheduler/plugin.ts";
import { cycleFor, rowsThatPass } from "../testing/plugin-observations.ts";
import { referenceNodeResourcesBalancedAllocation } from "./node-resources-balanced-allocation.ts";
import { referenceNodeResourcesFit } from "./node-resources-fit.ts";
import { clusterOf } from "./reference-cluster.ts";
import type { ReferencePlugin } from "./reference-plugin.ts";
import type { ReferenceStrategy } from "./reference-policy.ts";

const GREATEST = "9223372036854775807";
const EXTENDED = "example.com/npu";
/** Around the greatest exact double, the greatest number that 100 may multiply, and the greatest int64. */
const OFFERED = [
  "0",
  "1000",
  "64Ti",
  "9007199254740993",
  "92233720368547758",
  "92233720368547759",
  "4Ei",
  GREATEST,
];
/** Of one pod: its containers. 6Ei, 6Ei and 1Ei ask for -3Ei. */
const ASKED = [
  ["0"],
  ["1"],
  ["70368744177663"],
  ["9007199254740993"],
  ["92233720368547759"],
  ["4Ei"],
  [GREATEST],
  [GREATEST, "1"],
  ["6Ei", "6Ei", "1Ei"],
];
const HELD: readonly (readonly number[])[] = [[], [1], [3, 3], [5], [5, 5], [6, 1], [8], [8, 5]];

function podOf(amounts: readonly string[], others: Readonly<Record<string, string>> = {}): PodTemplate {
  const containers = amounts.map((memory, i) => ({
    resources: { requests: { memory, ...(i === 0 && others) } },
  }));
  return { name: "p", object: { kind: "Pod", spec: { containers } } };
}

function nodeOf(memory: string): NodeSpec {
  const allocatable = { cpu: "4", memory, pods: "110", [EXTENDED]: GREATEST };
  return { object: { kind: "Node", metadata: { name: "n" }, status: { allocatable } } };
}

function attempt<T>(make: () => T): T | string {
  try {
    return make();
  } catch (error) {
    if (error instanceof InvariantViolation) return error.message;
    throw error;
  }
}

/** The score, or the words with which it fails the cycle. */
function scoreOf(plugin: Plugin, cluster: Cluster, template: PodTemplate): number | string | undefined {
  return attempt(() => {
    const scoring = plugin.score?.(cycleFor(cluster, template));
    if (typeof scoring !== "function") return undefined;
    const scores = new Int32Array(1);
    scoring({ rows: Uint32Array.of(0), length: 1 }, scores);
    if (scores[0] < 0 || scores[0] > 100) return `out of range without a word: ${scores[0]}`;
    return scores[0];
  });
}

interface Compared {
  readonly cases: number;
  readonly invalid: number;
  readonly rejected: number;
  readonly differences: readonly string[];
}

/** Every node with everything that may be on it, and every pod: what the plugin says beside what the reference says. */
function compare(
  plugin: Plugin,
  reference: ReferencePlugin,
  others: Readonly<Record<string, string>>,
): Compared {
  let [cases, invalid, rejected] = [0, 0, 0];
  const differences: string[] = [];
  for (const offered of OFFERED) {
    for (const held of HELD) {
      const cluster = new Cluster();
      cluster.addNode(nodeOf(offered));
      const placed = held.map((i) => ({ pod: podOf(ASKED[i]), node: "n", devices: [] }));
      // A pod that came and went leaves nothing behind, however great it was.
      cluster.assume(99, cluster.kind(podOf([GREATEST])), 0, 0);
      for (const [row, { pod }] of placed.entries()) cluster.assume(row, cluster.kind(pod), 0, 0);
      cluster.release(99);
      const plain = clusterOf({ nodes: [nodeOf(offered)], placed });
      const [node] = plain.nodes;
      for (const asked of ASKED) {
        const pod = podOf(asked, others);
        const cycle = cycleFor(cluster, pod);
        const expected = reference.filter?.(pod, node, plain);
        const verdict = plugin.judge?.(cycle)?.(0);
        const passes = rowsThatPass(plugin, cycle, [0]).length === 1;
        const skips = reference.preScore?.(pod, plain, [node]) === "skip";
        const worth = skips ? undefined : reference.score?.(pod, node, plain, [node]);
        const isInvalid = worth !== undefined && (worth < 0n || worth > 100n);
        const words = `plugin "${plugin.name}" returns an invalid score ${worth}, it should in the range of [0, 100] after normalizing`;
        const wanted = [expected, expected === undefined, isInvalid ? words : worth && Number(worth)];
        const had = [verdict, passes, scoreOf(plugin, cluster, pod)];
        const [a, b] = [wanted, had].map((what) =>
          JSON.stringify(what, (_, v: unknown) => (v === 0n ? 0 : v)),
        );
        cases++;
        if (isInvalid) invalid++;
        if (expected !== undefined) rejected++;
        if (a !== b)
          differences.push(`${asked.join("+")} on ${offered} with ${JSON.stringify(held)}: ${b} for ${a}`);
      }
    }
  }
  return { cases, invalid, rejected, differences };
}

const resources = [
  { name: "cpu", weight: 1 },
  { name: "memory", weight: 3 },
  { name: EXTENDED, weight: 2 },
];
const shape = [
  { utilization: 10, score: 2 },
  { utilization: 90, score: 9 },
];
const strategies: readonly ReferenceStrategy[] = [
  { type: "LeastAllocated", resources },
  { type: "LeastAllocated", resources: resources.slice(1, 2) },
  { type: "MostAllocated", resources },
  { type: "RequestedToCapacityRatio", resources, shape },
];

describe("amounts up to 2^63, with all that overflow makes of them", () => {
  it.each(strategies)("fit and score as in the reference by $type", (strategy) => {
    const others = { cpu: "100m", [EXTENDED]: "92233720368547759" };
    const plugin = nodeResourcesFit({ scoringStrategy: strategy });
    const { cases, rejected, invalid, differences } = compare(
      plugin,
      referenceNodeResourcesFit(strategy),
      others,
    );
    expect(differences).toEqual([]);
    expect(cases).toBe(OFFERED.length * HELD.length * ASKED.length);
    expect(rejected).toBeGreaterThan(50);
    // Scores by a shape stay on it, whatever the utilization.
    if (strategy.type !== "RequestedToCapacityRatio") expect(invalid).toBeGreaterThan(20);
  });

  it.each([[["cpu", "memory"]], [["memory", "cpu", EXTENDED]]])(
    "balance as in the reference over %j",
    (names) => {
      const others = { cpu: "100m", [EXTENDED]: GREATEST };
      const plugin = nodeResourcesBalancedAllocation({ resources: names });
      const reference = referenceNodeResourcesBalancedAllocation(names);
      const { cases, differences } = compare(plugin, reference, others);
      expect(differences).toEqual([]);
      expect(cases).toBeGreaterThan(500);
    },
  );
});
