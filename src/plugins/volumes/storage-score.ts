import { parseQuantity, wholeValue } from "../../kubernetes/quantity.ts";
import { type ShapePoint, shapeTable } from "../scoring/shape-table.ts";
import type { NodeVolumes } from "./node-volumes.ts";
import { requestOf, sizeOf } from "./storage-size.ts";

/**
 * Scores a node by how much of its storage the pod would take, a mean over storage classes; volumes that there are count
 * before pools (upstream: Score and buildScorerFunction of plugins/volumebinding).
 * @param shape points of the function from utilization (0..100, increasing) to score (0..10), at least one
 */
export function storageScore(shape: readonly ShapePoint[]): (volumes: NodeVolumes) => number {
  const table = shapeTable(shape);
  return (volumes) => {
    if (volumes.bindings.length === 0 && volumes.provisions.every(({ pool }) => pool === undefined)) return 0;
    const classes = [...storageByClass(volumes).values()];
    if (classes.length === 0) return 0;
    let sum = 0;
    for (const { requested, capacity } of classes) {
      const full = capacity === 0n || requested > capacity;
      sum += table[full ? 100 : Number((requested * 100n) / capacity)];
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
