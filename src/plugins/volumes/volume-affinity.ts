import { type CompiledNodeSelector, compileNodeSelector } from "../../kubernetes/node-selector.ts";
import type { PersistentVolumeObject } from "../../kubernetes/storage-object.ts";

const anyNode: CompiledNodeSelector = { matches: () => true };
const known = new WeakMap<PersistentVolumeObject, CompiledNodeSelector>();

/** Whether a node with these labels may use the volume; upstream tells the selector no node name. */
export function nodeMayUse(volume: PersistentVolumeObject, labels: ReadonlyMap<string, string>): boolean {
  let selector = known.get(volume);
  if (selector === undefined) {
    const required = volume.spec?.nodeAffinity?.required;
    selector = required === undefined ? anyNode : compileNodeSelector(required);
    known.set(volume, selector);
  }
  return selector.matches(labels, "");
}
