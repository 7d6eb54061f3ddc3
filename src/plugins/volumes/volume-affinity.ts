import { InvariantViolation } from "../../base/errors.ts";
import { type CompiledNodeSelector, compileNodeSelector } from "../../kubernetes/node-selector.ts";
import type { CSINodeObject, PersistentVolumeObject } from "../../kubernetes/storage-object.ts";
import { isInTree, migratedAffinity } from "./csi-migration.ts";

const anyNode: CompiledNodeSelector = { matches: () => true };
const known = new WeakMap<PersistentVolumeObject, CompiledNodeSelector>();

/** Whether a node with these labels may use the volume; upstream tells the selector no node name. */
export function nodeMayUse(volume: PersistentVolumeObject, labels: ReadonlyMap<string, string>): boolean {
  return selectorOf(volume).matches(labels, "");
}

/**
 * The same of a volume that is bound, which goes by its CSI driver where its in-tree plugin was migrated.
 * @throws InvariantViolation when the volume cannot be translated
 */
export function nodeMayUseBound(
  volume: PersistentVolumeObject,
  labels: ReadonlyMap<string, string>,
  csiNode: CSINodeObject | undefined,
): boolean {
  const migrated = csiNode && migratedAffinity(volume, csiNode);
  if (typeof migrated === "string") {
    throw new InvariantViolation(
      `running "VolumeBinding" filter plugin: could not translate pv: ${migrated}`,
    );
  }
  return migrated === undefined
    ? nodeMayUse(volume, labels)
    : compileNodeSelector(migrated).matches(labels, "");
}

export function anyNodeMayUse(volume: PersistentVolumeObject): boolean {
  return selectorOf(volume) === anyNode && !isInTree(volume);
}

function selectorOf(volume: PersistentVolumeObject): CompiledNodeSelector {
  let selector = known.get(volume);
  if (selector === undefined) {
    const required = volume.spec?.nodeAffinity?.required;
    selector = required === undefined ? anyNode : compileNodeSelector(required);
    known.set(volume, selector);
  }
  return selector;
}
