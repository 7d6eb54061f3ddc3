import { compareQuantity } from "../../kubernetes/quantity.ts";
import type { PersistentVolumeClaimObject, PersistentVolumeObject } from "../../kubernetes/storage-object.ts";
import type { ClaimsToBind } from "./claims-to-bind.ts";
import { findVolume } from "./find-volume.ts";
import { type Provision, provision } from "./provision.ts";
import type { Storage } from "./storage.ts";
import { requestOf } from "./storage-size.ts";
import { anyNodeMayUse, nodeMayUseBound } from "./volume-affinity.ts";

/** A volume that there is, for a claim that would get it. */
interface Binding {
  readonly claim: PersistentVolumeClaimObject;
  readonly volume: PersistentVolumeObject;
}

/** How a pod's claims would be served on a node, and why not: no reasons, and the node will do. */
export interface NodeVolumes {
  readonly reasons: readonly string[];
  readonly bindings: readonly Binding[];
  readonly provisions: readonly Provision[];
}

const WRONG_NODE = "node(s) didn't match PersistentVolume's node affinity";
const NO_VOLUME = "node(s) didn't find available persistent volumes to bind";
const NO_SPACE = "node(s) did not have enough free storage";
const VOLUME_GONE = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";

const ANYWHERE: NodeVolumes = { reasons: [], bindings: [], provisions: [] };

/** What `nodeVolumes` says of every node, when all claims have volumes that all nodes may use; undefined otherwise. */
export function anywhereVolumes(storage: Storage, { bound, delayed }: ClaimsToBind): NodeVolumes | undefined {
  if (delayed.length > 0) return undefined;
  const { volumes } = storage;
  const fitsAnywhere = bound.every(({ spec }) => {
    const volume = volumes.get(spec?.volumeName ?? "");
    return volume !== undefined && anyNodeMayUse(volume);
  });
  return fitsAnywhere ? ANYWHERE : undefined;
}

/** Upstream: FindPodVolumes of plugins/volumebinding/binder.go. */
export function nodeVolumes(
  storage: Storage,
  { bound, delayed }: ClaimsToBind,
  nodeName: string,
  nodeLabels: ReadonlyMap<string, string>,
): NodeVolumes {
  const boundProblem = problemOfBound(storage, bound, nodeName, nodeLabels);
  const served = serve(storage, delayed, nodeName, nodeLabels);
  const reasons: string[] = [];
  if (boundProblem === WRONG_NODE) reasons.push(boundProblem);
  if (served.problem !== undefined) reasons.push(served.problem);
  if (boundProblem === VOLUME_GONE) reasons.push(boundProblem);
  return { reasons, bindings: served.bindings, provisions: served.provisions };
}

/** The first bound claim that this node cannot serve decides. */
function problemOfBound(
  storage: Storage,
  bound: readonly PersistentVolumeClaimObject[],
  nodeName: string,
  nodeLabels: ReadonlyMap<string, string>,
): string | undefined {
  for (const { spec } of bound) {
    const volume = storage.volumes.get(spec?.volumeName ?? "");
    if (volume === undefined) return VOLUME_GONE;
    if (!nodeMayUseBound(volume, nodeLabels, storage.csiNodes.get(nodeName))) return WRONG_NODE;
  }
  return undefined;
}

/** Serves claims without a volume: those promised to this node are provisioned, the others get a volume that fits if there is one. */
function serve(
  storage: Storage,
  delayed: readonly PersistentVolumeClaimObject[],
  nodeName: string,
  nodeLabels: ReadonlyMap<string, string>,
): { problem: string | undefined; bindings: readonly Binding[]; provisions: readonly Provision[] } {
  const toProvision: PersistentVolumeClaimObject[] = [];
  const toMatch: PersistentVolumeClaimObject[] = [];
  for (const claim of delayed) {
    const selected = claim.metadata?.annotations?.["volume.kubernetes.io/selected-node"];
    if (selected !== undefined && selected !== nodeName) {
      return { problem: NO_VOLUME, bindings: [], provisions: [] };
    }
    (selected === undefined ? toMatch : toProvision).push(claim);
  }
  toMatch.sort((a, b) => compareQuantity(requestOf(a), requestOf(b)));
  const chosen = new Set<PersistentVolumeObject>();
  const bindings: Binding[] = [];
  for (const claim of toMatch) {
    const volumes = storage.volumesOfClass.get(claim.spec?.storageClassName ?? "") ?? [];
    const volume = findVolume(claim, volumes, chosen, nodeLabels);
    if (volume === undefined) {
      toProvision.push(claim);
    } else {
      chosen.add(volume);
      bindings.push({ claim, volume });
    }
  }
  const provisions: Provision[] = [];
  for (const claim of toProvision) {
    const found = provision(storage, claim, nodeLabels);
    if (typeof found === "string") {
      return { problem: found === "no space" ? NO_SPACE : NO_VOLUME, bindings, provisions };
    }
    provisions.push(found);
  }
  return { problem: undefined, bindings, provisions };
}
