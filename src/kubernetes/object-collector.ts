import {
  decodeNamespace,
  decodePodDisruptionBudget,
  decodePriorityClass,
  decodeService,
  decodeUntyped,
} from "./decode-cluster-object.ts";
import {
  decodeDeviceClass,
  decodeResourceClaim,
  decodeResourceClaimTemplate,
  decodeResourceSlice,
} from "./decode-device.ts";
import { decodeNode } from "./decode-node.ts";
import { decodeOwner, decodeReplicationController } from "./decode-owner.ts";
import { decodePod } from "./decode-pod.ts";
import { decodePodGroup } from "./decode-pod-group.ts";
import {
  decodeCSIDriver,
  decodeCSINode,
  decodeCSIStorageCapacity,
  decodePersistentVolume,
  decodePersistentVolumeClaim,
  decodeStorageClass,
  decodeVolumeAttachment,
} from "./decode-storage.ts";
import { type DecodeProblem, type Decoder, Decoding, isRecord } from "./decoder.ts";
import type { KubernetesObjects } from "./kubernetes-objects.ts";
import type { ObjectMeta } from "./object-meta.ts";

export interface CollectOptions {
  /** Keep pods in phase Succeeded or Failed; dropped and counted by default. */
  readonly finishedPods?: "keep" | "drop";
  /** Keep every annotation; by default only `readAnnotations`, as the others may be long. */
  readonly allAnnotations?: boolean;
  /** Accept objects without name, as templates are; by default each needs `name` or `generateName`. */
  readonly nameless?: "accept" | "refuse";
}

type Lists = { [K in keyof Omit<KubernetesObjects, "finishedPods">]: KubernetesObjects[K][number][] };
type Take = (lists: Lists, value: unknown, decoding: Decoding) => void;

function into<K extends keyof Lists>(list: K, decoder: Decoder<Lists[K][number]>): Take {
  return (lists, value, decoding) => {
    const decoded = decoder(value, decoding);
    // The compiler does not relate `lists[list]` to `decoder` for a K it does not know; their types say it is right.
    if (decoded !== undefined) (lists[list] as Lists[K][number][]).push(decoded);
  };
}

const owners = into("owners", decodeOwner);
const untyped = into("others", decodeUntyped);

/** By API group and kind: a Service of another group is another thing. */
const takers: ReadonlyMap<string, Take> = new Map([
  ["/Pod", into("pods", decodePod)],
  ["/Node", into("nodes", decodeNode)],
  ["/Namespace", into("namespaces", decodeNamespace)],
  ["/Service", into("services", decodeService)],
  ["/ReplicationController", into("owners", decodeReplicationController)],
  ["/PersistentVolume", into("persistentVolumes", decodePersistentVolume)],
  ["/PersistentVolumeClaim", into("persistentVolumeClaims", decodePersistentVolumeClaim)],
  ["apps/Deployment", owners],
  ["apps/ReplicaSet", owners],
  ["apps/StatefulSet", owners],
  ["apps/DaemonSet", owners],
  ["batch/Job", owners],
  ["batch/CronJob", owners],
  ["policy/PodDisruptionBudget", into("podDisruptionBudgets", decodePodDisruptionBudget)],
  ["scheduling.k8s.io/PodGroup", into("podGroups", decodePodGroup)],
  ["scheduling.k8s.io/PriorityClass", into("priorityClasses", decodePriorityClass)],
  ["storage.k8s.io/StorageClass", into("storageClasses", decodeStorageClass)],
  ["storage.k8s.io/CSINode", into("csiNodes", decodeCSINode)],
  ["storage.k8s.io/CSIDriver", into("csiDrivers", decodeCSIDriver)],
  ["storage.k8s.io/CSIStorageCapacity", into("csiStorageCapacities", decodeCSIStorageCapacity)],
  ["storage.k8s.io/VolumeAttachment", into("volumeAttachments", decodeVolumeAttachment)],
  ["resource.k8s.io/DeviceClass", into("deviceClasses", decodeDeviceClass)],
  ["resource.k8s.io/ResourceClaim", into("resourceClaims", decodeResourceClaim)],
  ["resource.k8s.io/ResourceClaimTemplate", into("resourceClaimTemplates", decodeResourceClaimTemplate)],
  ["resource.k8s.io/ResourceSlice", into("resourceSlices", decodeResourceSlice)],
]);
const takersByKind = new Map([...takers].map(([name, take]) => [name.slice(name.indexOf("/") + 1), take]));

/** Versions of `resource.k8s.io` whose requests have the present shape. */
const deviceVersions = new Set(["resource.k8s.io/v1", "resource.k8s.io/v1beta2"]);

/** Takes raw objects one at a time, decodes them and sorts them by kind. */
export class ObjectCollector {
  readonly #decoding: Decoding;
  readonly #options: CollectOptions;
  readonly #lists: Lists = {
    pods: [],
    nodes: [],
    namespaces: [],
    owners: [],
    services: [],
    priorityClasses: [],
    podDisruptionBudgets: [],
    podGroups: [],
    persistentVolumeClaims: [],
    persistentVolumes: [],
    storageClasses: [],
    csiNodes: [],
    csiDrivers: [],
    csiStorageCapacities: [],
    volumeAttachments: [],
    deviceClasses: [],
    resourceClaims: [],
    resourceClaimTemplates: [],
    resourceSlices: [],
    others: [],
  };
  #finishedPods = 0;

  constructor(options: CollectOptions = {}) {
    this.#options = options;
    this.#decoding = new Decoding(options);
  }

  /** Decodes one raw object and keeps it; returns what is wrong with it. `listKind` is the kind of the list it is in. */
  add(raw: unknown, listKind = ""): readonly DecodeProblem[] {
    if (!isRecord(raw)) {
      this.#decoding.fail("invalid object: not a mapping; write apiVersion, kind and metadata");
      return this.#decoding.takeProblems();
    }
    const kind = raw["kind"] ?? (/^(\w+)List$/.exec(listKind)?.[1] || undefined);
    if (kind === undefined) {
      this.#decoding.fail("missing kind; write kind: Pod, or what the object is");
      return this.#decoding.takeProblems();
    }
    if (kind === "Pod" && this.#isLeftOut(raw["status"])) {
      this.#finishedPods++;
      return [];
    }
    const object = raw["kind"] === undefined ? { ...raw, kind } : raw;
    takerFor(kind, raw["apiVersion"])(this.#lists, object, this.#decoding);
    if (this.#options.nameless !== "accept") this.#checkName(raw["metadata"]);
    return this.#decoding.problemCount === 0 ? [] : this.#decoding.takeProblems();
  }

  objects(): KubernetesObjects {
    return { ...this.#lists, finishedPods: this.#finishedPods };
  }

  #isLeftOut(status: unknown): boolean {
    if (this.#options.finishedPods === "keep" || !isRecord(status)) return false;
    return status["phase"] === "Succeeded" || status["phase"] === "Failed";
  }

  #checkName(metadata: unknown): void {
    const meta: ObjectMeta = isRecord(metadata) ? metadata : {};
    if (meta.name === undefined && meta.generateName === undefined) {
      const before = this.#decoding.problemCount;
      this.#decoding.fail("missing name; write metadata.name");
      this.#decoding.place(before, "metadata");
    }
  }
}

function takerFor(kind: unknown, apiVersion: unknown): Take {
  if (typeof kind !== "string") return untyped;
  if (typeof apiVersion !== "string" || apiVersion === "") return takersByKind.get(kind) ?? untyped;
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  if (group === "resource.k8s.io" && !deviceVersions.has(apiVersion)) return untyped;
  return takers.get(`${group}/${kind}`) ?? untyped;
}
