import { UserError } from "../../base/errors.ts";
import type { Cycle, Score } from "../../scheduler/plugin.ts";
import { type ResourceWeight, scoredResources } from "./scored-resources.ts";

/** A point of the function from utilization (0..100) to score (0..10). */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

const SCORE_SCALE = 10;

/**
 * The score is a function of the utilization that the node would have, linear between the points of a shape; resources
 * that score 0 leave the mean (upstream: noderesources/requested_to_capacity_ratio.go).
 */
export function requestedToCapacityRatio(
  resources: readonly ResourceWeight[],
  shape: readonly ShapePoint[],
): (cycle: Cycle) => Score {
  const table = tableOf(shape);
  return (cycle) => {
    const scored = scoredResources(cycle, resources);
    return ({ rows, length }, scores) => {
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
  };
}

/** The score at each utilization from 0 to 100. */
function tableOf(shape: readonly ShapePoint[]): Int32Array {
  if (shape.length === 0) throw new UserError("invalid shape: []; write at least one point");
  shape.forEach(({ utilization, score }, i) => {
    if (!(utilization >= 0 && utilization <= 100)) {
      throw new UserError(`invalid shape[${i}].utilization: ${utilization}; write a number from 0 to 100`);
    }
    if (!(score >= 0 && score <= 10)) {
      throw new UserError(`invalid shape[${i}].score: ${score}; write a number from 0 to 10`);
    }
    if (i > 0 && utilization <= shape[i - 1].utilization) {
      throw new UserError(
        `invalid shape[${i}].utilization: ${utilization}; write points in increasing order`,
      );
    }
  });
  return Int32Array.from({ length: 101 }, (_, utilization) => interpolate(shape, utilization));
}

function interpolate(shape: readonly ShapePoint[], utilization: number): number {
  const next = shape.findIndex((point) => utilization <= point.utilization);
  if (next === -1) return shape.at(-1)!.score * SCORE_SCALE;
  const to = shape[next];
  if (next === 0) return to.score * SCORE_SCALE;
  const from = shape[next - 1];
  const rise = (to.score - from.score) * SCORE_SCALE;
  const step = Math.trunc((rise * (utilization - from.utilization)) / (to.utilization - from.utilization));
  return from.score * SCORE_SCALE + step;
}
