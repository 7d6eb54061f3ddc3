import { parseQuantity, type Quantity } from "../../kubernetes/quantity.ts";
import type {
  CSIStorageCapacityObject,
  PersistentVolumeClaimObject,
  PersistentVolumeObject,
} from "../../kubernetes/storage-object.ts";

const NOTHING = parseQuantity(0);
const known = new WeakMap<object, Quantity>();

/** What a claim asks for; zero when it does not say. */
export function requestOf(claim: PersistentVolumeClaimObject): Quantity {
  return remembered(claim, claim.spec?.resources?.requests?.["storage"]);
}

export function asksForStorage(claim: PersistentVolumeClaimObject): boolean {
  return claim.spec?.resources?.requests?.["storage"] !== undefined;
}

/** How large a volume is; zero when it does not say. */
export function sizeOf(volume: PersistentVolumeObject): Quantity {
  return remembered(volume, volume.spec?.capacity?.["storage"]);
}

/** The largest volume that a pool of storage gives, or undefined when it does not say. */
export function largestVolume(pool: CSIStorageCapacityObject): Quantity | undefined {
  const limit = pool.maximumVolumeSize ?? pool.capacity;
  return limit === undefined ? undefined : remembered(pool, limit);
}

function remembered(object: object, amount: string | number | undefined): Quantity {
  if (amount === undefined) return NOTHING;
  let quantity = known.get(object);
  if (quantity === undefined) {
    quantity = parseQuantity(amount);
    known.set(object, quantity);
  }
  return quantity;
}
