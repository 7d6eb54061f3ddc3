import { UserError } from "../../base/errors.ts";

/** A point of the function from utilization (0..100) to score (0..10). */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

const SCORE_SCALE = 10;

/**
 * The score (0..100) at each utilization from 0 to 100: linear between the points of a shape, in integers, and level beyond them
 * (upstream: plugins/helper/shape_score.go).
 * @throws UserError when the shape has no point, or points that are out of range or out of order
 */
export function shapeTable(shape: readonly ShapePoint[]): Int32Array {
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
