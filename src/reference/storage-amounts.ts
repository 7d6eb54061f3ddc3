import { parseQuantity } from "../kubernetes/quantity.ts";
import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../kubernetes/storage-object.ts";
import { inSchedulerUnits } from "./pod-amounts.ts";

export function nanoOf(amount: string | number): bigint {
  return parseQuantity(amount).nano;
}

/** Billionths of a byte that a claim asks for; 0 when it does not say. */
export function requestedBy(claim: PersistentVolumeClaimObject): bigint {
  return nanoOf(claim.spec?.resources?.requests?.["storage"] ?? 0);
}

/** Billionths of a byte that a volume holds. */
export function sizeOf(volume: PersistentVolumeObject): bigint {
  return nanoOf(volume.spec?.capacity?.["storage"] ?? 0);
}

/** Bytes, rounded up. */
export function bytes(nano: bigint): bigint {
  return inSchedulerUnits("storage", nano);
}
