import { assert } from "../../base/assert.ts";
import { parseQuantity, wholeValue } from "../../kubernetes/quantity.ts";
import type { ShapePoint } from "../scoring/requested-to-capacity-ratio.ts";
import type { NodeVolumes } from "./node-volumes.ts";
import { requestOf, sizeOf } from "./storage-size.ts";

const SCORE_SCALE = 10;

/**
 * Scores a node by how much of its storage the pod would take, a mean over storage classes; volumes that there are count
 * before pools (upstream: Score and buildScorerFunction of plugins/volumebinding).
 * @param shape points of the function from utilization (0..100, increasing) to score (0..10), at least one
 */
export function storageScore(shape: readonly ShapePoint[]): (volumes: NodeVolumes) => number {
  assert(shape.length > 0, "a shape without points");
  return (volumes) => {
    const classes = [...storageByClass(volumes).values()];
    if (classes.length === 0) return 0;
    let sum = 0;
    for (const { requested, capacity } of classes) {
      const full = capacity === 0n || requested > capacity;
      sum += scoreAt(shape, full ? 100 : Number((requested * 100n) / capacity));
    }
    return Math.round(sum / classes.length);
  };
}

/** Bytes that the pod asks for and bytes that there are, by storage class. */
function storageByClass({
  bindings,
  provisions,
}: NodeVolumes): Map<string, { requested: bigint; capacity: bigint }> {
  const classes = new Map<string, { requested: bigint; capacity: bigint }>();
  const of = (name = "") => {
    const known = classes.get(name) ?? { requested: 0n, capacity: 0n };
    classes.set(name, known);
    return known;
  };
  for (const { claim, volume } of bindings) {
    const storage = of(volume.spec?.storageClassName);
    storage.requested += wholeValue(requestOf(claim));
    storage.capacity += wholeValue(sizeOf(volume));
  }
  if (bindings.length > 0) return classes;
  for (const { claim, pool } of provisions) {
    if (pool === undefined) continue;
    const storage = of(pool.storageClassName);
    storage.requested += wholeValue(requestOf(claim));
    storage.capacity = wholeValue(parseQuantity(pool.capacity ?? 0));
  }
  return classes;
}

/** Linear between the points, in integers, and level beyond them. */
function scoreAt(shape: readonly ShapePoint[], utilization: number): number {
  const next = shape.findIndex((point) => utilization <= point.utilization);
  const to = shape.at(next)!;
  if (next <= 0) return to.score * SCORE_SCALE;
  const from = shape[next - 1];
  const rise = (to.score - from.score) * SCORE_SCALE;
  return (
    from.score * SCORE_SCALE +
    Math.trunc((rise * (utilization - from.utilization)) / (to.utilization - from.utilization))
  );
}
