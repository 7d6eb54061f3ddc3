import { describe, expect, it } from "vitest";
import { CPU, MEMORY } from "../cluster/node-columns.ts";
import { shippedProfile, shippedProfiles } from "../plugins/profiles.ts";
import type { Cycle, NormalizeScore, Plugin, Score } from "../scheduler/plugin.ts";
import { pluginScore } from "../scheduler/plugin-score.ts";
import { DifferentialCases } from "../testing/differential-cases.ts";
import { type PlantedMistake, withMistake, without } from "../testing/planted-mistake.ts";
import { referencePolicy } from "./reference-policy.ts";

type Strategy = "LeastAllocated" | "MostAllocated" | "RequestedToCapacityRatio";
const profileOf: Readonly<Record<Strategy, string>> = {
  LeastAllocated: "default",
  MostAllocated: "most-allocated",
  RequestedToCapacityRatio: "requested-to-capacity-ratio",
};
const right = (strategy: Strategy) =>
  shippedProfile(profileOf[strategy]).plugins.find(({ plugin }) => plugin.name === "NodeResourcesFit")!
    .plugin;

/** Scores each node by a function of its row. */
function byNode(score: (cycle: Cycle, node: number) => number): (cycle: Cycle) => Score {
  return (cycle) =>
    ({ rows, length }, scores) => {
      for (let i = 0; i < length; i++) scores[i] = score(cycle, rows[i]);
    };
}

/** Replaces the score of NodeResourcesFit where it uses one strategy: a mean over cpu and memory of `worth`. */
function fitScore(
  strategy: Strategy,
  score: (cycle: Cycle, node: number) => number,
): (plugin: Plugin) => Plugin {
  return (plugin) => (plugin === right(strategy) ? { ...plugin, score: byNode(score) } : plugin);
}

function shares({ pod, nodes }: Cycle, node: number, defaults = true): { has: number; taken: number }[] {
  return [CPU, MEMORY]
    .map((resource) => ({
      has: nodes.allocatable[resource][node],
      taken: defaults
        ? (resource === CPU ? nodes.nonZeroCpu : nodes.nonZeroMemory)[node] + pod.scoring.of(resource)
        : nodes.requested[resource][node] + pod.requests.of(resource),
    }))
    .filter(({ has }) => has > 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.trunc(values.reduce((a, b) => a + b, 0) / values.length);
}

const least = ({ has, taken }: { has: number; taken: number }): number =>
  taken > has ? 0 : Math.trunc(((has - taken) * 100) / has);

const normalize =
  (scaled: (score: number, least: number, greatest: number) => number) =>
  (plugin: Plugin): Plugin => {
    const normalizeScore: NormalizeScore = (scores, { length }) => {
      const own = scores.subarray(0, length);
      const [low, high] = [Math.min(...own), Math.max(...own)];
      for (let i = 0; i < length; i++) scores[i] = scaled(scores[i], low, high);
    };
    return plugin.normalizeScore === undefined ? plugin : { ...plugin, normalizeScore };
  };

/** ImageLocality after the fact: another function of the right score. */
const rescored =
  (change: (score: number, cycle: Cycle) => number) =>
  (plugin: Plugin): Plugin => ({
    ...plugin,
    score(cycle) {
      const scoring = pluginScore(plugin, cycle);
      if (scoring === undefined) return undefined;
      return (feasible, scores) => {
        scoring.score(feasible, scores);
        for (let i = 0; i < feasible.length; i++) scores[i] = change(scores[i], cycle);
      };
    },
  });

const balance = (shares: readonly number[]): number =>
  shares.length < 2 ? 100 : Math.trunc((1 - Math.abs(shares[0] - shares[1]) / 2) * 100);

function balanced(score: (after: number, before: number) => number): (plugin: Plugin) => Plugin {
  return (plugin) => ({
    ...plugin,
    score(cycle) {
      if (plugin.score?.(cycle) === undefined) return undefined;
      const { pod, nodes } = cycle;
      const sharesOf = (node: number, factor: 0 | 1): number[] =>
        [CPU, MEMORY]
          .filter((resource) => nodes.allocatable[resource][node] > 0)
          .map((resource) =>
            Math.min(
              (nodes.requested[resource][node] + factor * pod.requests.of(resource)) /
                nodes.allocatable[resource][node],
              1,
            ),
          );
      return byNode((_, node) => score(balance(sharesOf(node, 1)), balance(sharesOf(node, 0))))(cycle);
    },
  });
}

const mistakes: readonly PlantedMistake[] = [
  {
    name: "LeastAllocated truncates only once",
    plugin: "NodeResourcesFit",
    change: fitScore("LeastAllocated", (cycle, node) =>
      mean(shares(cycle, node).map(({ has, taken }) => (taken > has ? 0 : ((has - taken) * 100) / has))),
    ),
  },
  {
    name: "LeastAllocated without defaults for containers that ask for nothing",
    plugin: "NodeResourcesFit",
    change: fitScore("LeastAllocated", (cycle, node) => mean(shares(cycle, node, false).map(least))),
  },
  {
    name: "LeastAllocated leaves a full resource out of the mean",
    plugin: "NodeResourcesFit",
    change: fitScore("LeastAllocated", (cycle, node) =>
      mean(
        shares(cycle, node)
          .map(least)
          .filter((score) => score > 0),
      ),
    ),
  },
  {
    name: "MostAllocated is not clamped",
    plugin: "NodeResourcesFit",
    change: fitScore("MostAllocated", (cycle, node) =>
      mean(shares(cycle, node).map(({ has, taken }) => Math.trunc((taken * 100) / has))),
    ),
  },
  {
    name: "RequestedToCapacityRatio counts zero scores",
    plugin: "NodeResourcesFit",
    change: fitScore("RequestedToCapacityRatio", (cycle, node) => {
      const scores = shares(cycle, node).map(({ has, taken }) =>
        taken > has ? 100 : Math.trunc((taken * 100) / has),
      );
      return scores.length === 0 ? 0 : Math.round(scores.reduce((a, b) => a + b, 0) / scores.length);
    }),
  },
  {
    name: "RequestedToCapacityRatio rounds down",
    plugin: "NodeResourcesFit",
    change: fitScore("RequestedToCapacityRatio", (cycle, node) =>
      mean(
        shares(cycle, node)
          .map(({ has, taken }) => (taken > has ? 100 : Math.trunc((taken * 100) / has)))
          .filter((score) => score > 0),
      ),
    ),
  },
  {
    name: "balance is judged after the pod only",
    plugin: "NodeResourcesBalancedAllocation",
    change: balanced((after) => after),
  },
  {
    name: "balance counts in full, not by half",
    plugin: "NodeResourcesBalancedAllocation",
    change: balanced((after, before) => 75 + after - before),
  },
  {
    name: "pods that ask for nothing are scored by balance",
    plugin: "NodeResourcesBalancedAllocation",
    change: (plugin) => ({ ...plugin, score: (cycle) => plugin.score?.(cycle) ?? byNode(() => 75)(cycle) }),
  },
  {
    name: "soft taints are preferred",
    plugin: "TaintToleration",
    change: normalize((score, _, high) => (high === 0 ? 100 : Math.trunc((100 * score) / high))),
  },
  { name: "TaintToleration weighs 2", plugin: "TaintToleration", weight: 2 },
  { name: "preferred terms are not normalised", plugin: "NodeAffinity", change: without("normalizeScore") },
  {
    name: "the threshold of images does not grow with their number",
    plugin: "ImageLocality",
    change: rescored((score, { pod }) => {
      const count = Math.max((pod.spec.initContainers ?? []).length + (pod.spec.containers ?? []).length, 1);
      return Math.min(Math.trunc((score * (1000 * count - 23)) / 977), 100);
    }),
  },
  { name: "images do not score", plugin: "ImageLocality", change: without("score") },
  { name: "best fit is not spread over the range", plugin: "BestFit", change: without("normalizeScore") },
  {
    name: "the dot product is not halved",
    plugin: "DotProduct",
    change: rescored((score) => 100 - 2 * (100 - score)),
  },
  {
    name: "nodes without a free device are packed last",
    plugin: "GpuPacking",
    change: rescored((score) => (score >= 50 ? 0 : score)),
  },
];

const cases = new DifferentialCases(
  1500,
  11,
  shippedProfiles().map(({ name }) => referencePolicy(name)),
);

describe("mistakes planted in scores", () => {
  for (const mistake of mistakes) {
    it(`are found: ${mistake.plugin}: ${mistake.name}`, () => {
      const found = cases.firstDifference(({ name }) => withMistake(shippedProfile(name), mistake));
      if (process.env["STOWAGE_COVERAGE"] !== undefined) {
        console.log(`${mistake.plugin}: ${mistake.name}: case ${found?.place}`);
      }
      expect(found).toBeDefined();
    });
  }
});
