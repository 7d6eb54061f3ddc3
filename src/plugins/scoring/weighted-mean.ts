import type { Cycle, Score } from "../../scheduler/plugin.ts";
import { int64 } from "./amounts-in-full.ts";
import { amountsInFull, scoredInFull } from "./scored-in-full.ts";
import { type ResourceWeight, type ScoredResource, scoredResources } from "./scored-resources.ts";

/** What one resource is worth, 0..100: `has` is above 0, `taken` includes the pod and may exceed `has`. */
export type ResourceScore = (has: number, taken: number) => number;

/** The same in int64, with what overflow makes of it. */
export type ResourceScoreInFull = (has: bigint, taken: bigint) => bigint;

/** The weighted mean of a score per resource, in integers; resources that a node has none of leave the mean. */
export function weightedMean(
  resources: readonly ResourceWeight[],
  worth: ResourceScore,
  worthInFull: ResourceScoreInFull,
): (cycle: Cycle) => Score {
  const names = resources.map(({ name }) => name);
  return (cycle) => {
    const scored = scoredResources(cycle, resources);
    const [a, b] = scored;
    const fast =
      scored.length === 2 && a.weight === 1 && b.weight === 1
        ? meanOfTwo(a, b, worth)
        : meanOfMany(scored, worth);
    return scoredInFull("NodeResourcesFit", cycle, names, fast, (node) =>
      meanInFull(cycle, resources, node, worthInFull),
    );
  };
}

/** cpu and memory, weighing the same: the default, and worth a loop of its own. */
function meanOfTwo(a: ScoredResource, b: ScoredResource, worth: ResourceScore): Score {
  const hasA = a.allocatable;
  const hasB = b.allocatable;
  const usedA = a.requested;
  const usedB = b.requested;
  return ({ rows, length }, scores) => {
    for (let i = 0; i < length; i++) {
      const node = rows[i];
      const capacityA = hasA[node];
      const capacityB = hasB[node];
      const sum =
        (capacityA === 0 ? 0 : worth(capacityA, usedA[node] + a.request)) +
        (capacityB === 0 ? 0 : worth(capacityB, usedB[node] + b.request));
      scores[i] = capacityA === 0 || capacityB === 0 ? sum : sum / 2;
    }
  };
}

function meanOfMany(scored: readonly ScoredResource[], worth: ResourceScore): Score {
  return ({ rows, length }, scores) => {
    for (let i = 0; i < length; i++) {
      const node = rows[i];
      let sum = 0;
      let weights = 0;
      for (const { allocatable, requested, request, weight } of scored) {
        const has = allocatable[node];
        if (has === 0) continue;
        sum += worth(has, requested[node] + request) * weight;
        weights += weight;
      }
      scores[i] = weights === 0 ? 0 : sum / weights;
    }
  };
}

function meanInFull(
  cycle: Cycle,
  resources: readonly ResourceWeight[],
  node: number,
  worth: ResourceScoreInFull,
): bigint {
  let sum = 0n;
  let weights = 0n;
  for (const { name, weight } of resources) {
    const amounts = amountsInFull(cycle, name, node, "withDefaults");
    if (amounts === undefined) continue;
    sum = int64(sum + worth(amounts.allocatable, amounts.requested) * BigInt(weight));
    weights += BigInt(weight);
  }
  return weights === 0n ? 0n : sum / weights;
}
