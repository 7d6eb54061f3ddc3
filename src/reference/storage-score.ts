import { bytes, nanoOf, requestedBy, sizeOf } from "./storage-amounts.ts";
import type { Served } from "./storage-serving.ts";

/** Utilization 0..100, score 0..10. */
export type Shape = readonly { readonly utilization: number; readonly score: number }[];

/** The mean over storage classes of how well the node's storage fits; volumes that there are count alone (upstream: scorer.go). */
export function storageScore(shape: Shape, { bindings, provisions }: Served): bigint {
  const uses = bindings.map(({ claim, volume }) => ({
    className: volume.spec?.storageClassName ?? "",
    requested: bytes(requestedBy(claim)),
    capacity: bytes(sizeOf(volume)),
  }));
  const ofPools = provisions.flatMap(({ claim, pool }) =>
    pool === undefined
      ? []
      : {
          className: claim.spec?.storageClassName ?? "",
          requested: bytes(requestedBy(claim)),
          capacity: bytes(nanoOf(pool.capacity ?? 0)),
        },
  );
  const counted = bindings.length > 0 ? uses : ofPools;
  const classes = new Set(counted.map(({ className }) => className));
  if (classes.size === 0) return 0n;
  let sum = 0n;
  for (const name of classes) {
    const ofClass = counted.filter(({ className }) => className === name);
    const requested = ofClass.reduce((total, use) => total + use.requested, 0n);
    // Volumes add up; a pool is one and the same for every claim, and the last one counts.
    const capacity =
      bindings.length > 0
        ? ofClass.reduce((total, use) => total + use.capacity, 0n)
        : ofClass.at(-1)!.capacity;
    const full = capacity === 0n || requested > capacity;
    sum += valueAt(shape, full ? 100n : (requested * 100n) / capacity);
  }
  return BigInt(Math.round(Number(sum) / classes.size));
}

function valueAt(shape: Shape, utilization: bigint): bigint {
  const points = shape.map((point) => ({ u: BigInt(point.utilization), y: BigInt(point.score) * 10n }));
  const place = points.findIndex(({ u }) => utilization <= u);
  if (place === -1) return points.at(-1)!.y;
  if (place === 0) return points[0].y;
  const [from, to] = [points[place - 1], points[place]];
  return from.y + ((to.y - from.y) * (utilization - from.u)) / (to.u - from.u);
}
