import { InvariantViolation } from "../../base/errors.ts";
import { compileLabelSelector } from "../../kubernetes/label-selector.ts";
import { qualifiedName } from "../../kubernetes/lists-by-key.ts";
import { wholeValue } from "../../kubernetes/quantity.ts";
import type {
  CSIStorageCapacityObject,
  PersistentVolumeClaimObject,
  StorageClassObject,
} from "../../kubernetes/storage-object.ts";
import type { Storage } from "./storage.ts";
import { asksForStorage, largestVolume, requestOf } from "./storage-size.ts";

const NO_PROVISIONER = "kubernetes.io/no-provisioner";

/** A claim for which a volume would be made, and the pool of storage it comes from when pools are tracked. */
export interface Provision {
  readonly claim: PersistentVolumeClaimObject;
  readonly pool: CSIStorageCapacityObject | undefined;
}

/**
 * How a volume would be made for a claim on a node with these labels, or what stands in the way (upstream:
 * checkVolumeProvisions and hasEnoughCapacity of plugins/volumebinding/binder.go).
 */
export function provision(
  storage: Storage,
  claim: PersistentVolumeClaimObject,
  nodeLabels: ReadonlyMap<string, string>,
): Provision | "impossible" | "no space" {
  const storageClass = classOf(storage, claim);
  const provisioner = storageClass.provisioner ?? "";
  if (provisioner === "" || provisioner === NO_PROVISIONER) return "impossible";
  if (!allowsTopology(storageClass, nodeLabels)) return "impossible";
  const tracked = storage.drivers.get(provisioner)?.spec?.storageCapacity === true;
  if (!tracked || !asksForStorage(claim)) return { claim, pool: undefined };
  const request = wholeValue(requestOf(claim));
  for (const pool of storage.capacitiesOfClass.get(claim.spec?.storageClassName ?? "") ?? []) {
    const limit = largestVolume(pool);
    if (limit === undefined || wholeValue(limit) < request) continue;
    if (compileLabelSelector(pool.nodeTopology).matches(nodeLabels)) return { claim, pool };
  }
  return "no space";
}

function classOf(storage: Storage, claim: PersistentVolumeClaimObject): StorageClassObject {
  const name = claim.spec?.storageClassName ?? "";
  const storageClass = storage.classes.get(name);
  if (storageClass !== undefined) return storageClass;
  const text =
    name === ""
      ? `no class for claim ${JSON.stringify(qualifiedName(claim))}`
      : `failed to find storage class ${JSON.stringify(name)}`;
  throw new InvariantViolation(`running "VolumeBinding" filter plugin: ${text}`);
}

/** Without terms any node will do; one term must hold, and one without expressions does not. */
function allowsTopology(
  { allowedTopologies = [] }: StorageClassObject,
  labels: ReadonlyMap<string, string>,
): boolean {
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(
    ({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.length > 0 &&
      matchLabelExpressions.every(({ key = "", values = [] }) => {
        const value = labels.get(key);
        return value !== undefined && values.includes(value);
      }),
  );
}
