import type { Cycle, Score } from "../../scheduler/plugin.ts";
import { int64 } from "./amounts-in-full.ts";
import { amountsInFull, scoredInFull } from "./scored-in-full.ts";
import { type ResourceWeight, scoredResources } from "./scored-resources.ts";
import { type ShapePoint, shapeTable } from "./shape-table.ts";

/**
 * The score is a function of the utilization that the node would have, linear between the points of a shape; resources
 * that score 0 leave the mean (upstream: noderesources/requested_to_capacity_ratio.go).
 */
export function requestedToCapacityRatio(
  resources: readonly ResourceWeight[],
  shape: readonly ShapePoint[],
): (cycle: Cycle) => Score {
  const table = shapeTable(shape);
  const names = resources.map(({ name }) => name);
  return (cycle) => {
    const scored = scoredResources(cycle, resources);
    const fast: Score = ({ rows, length }, scores) => {
      for (let i = 0; i < length; i++) {
        const node = rows[i];
        let sum = 0;
        let weights = 0;
        for (const { allocatable, requested, request, weight } of scored) {
          const has = allocatable[node];
          if (has === 0) continue;
          const taken = requested[node] + request;
          const value = table[taken > has ? 100 : Math.trunc((taken * 100) / has)];
          if (value <= 0) continue;
          sum += value * weight;
          weights += weight;
        }
        scores[i] = weights === 0 ? 0 : Math.round(sum / weights);
      }
    };
    return scoredInFull("NodeResourcesFit", cycle, names, fast, (node) =>
      ratioInFull(cycle, resources, table, node),
    );
  };
}

function ratioInFull(
  cycle: Cycle,
  resources: readonly ResourceWeight[],
  table: Int32Array,
  node: number,
): bigint {
  let sum = 0;
  let weights = 0;
  for (const { name, weight } of resources) {
    const amounts = amountsInFull(cycle, name, node, "withDefaults");
    if (amounts === undefined) continue;
    const { allocatable, requested } = amounts;
    const utilization = requested > allocatable ? 100 : Number(int64(requested * 100n) / allocatable);
    // What overflow puts beside 0..100 lies before the first point of the shape, or behind the last.
    const value = table[Math.min(Math.max(utilization, 0), 100)];
    if (value <= 0) continue;
    sum += value * weight;
    weights += weight;
  }
  return BigInt(weights === 0 ? 0 : Math.round(sum / weights));
}
