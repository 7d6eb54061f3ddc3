import type { PodObject } from "../kubernetes/pod.ts";
import type { ObjectLookup } from "../scheduler/queue/event-registration.ts";
import type { EventObject, EventObjects } from "../scheduler/queue/queue-event.ts";
import { podKey } from "../scheduler/queue/queued-pod.ts";
import type { ScriptObject } from "./queue-script.ts";

const clusterScoped = new Set([
  "Namespace",
  "Node",
  "PersistentVolume",
  "StorageClass",
  "CSINode",
  "CSIDriver",
  "VolumeAttachment",
  "DeviceClass",
  "ResourceSlice",
  "PriorityClass",
]);

/** The objects of a script as the scheduler's informers have them: raw, for no field may be dropped whose change is an event. */
export class QueueScriptCluster implements ObjectLookup {
  readonly #objects = new Map<string, Map<string, ScriptObject>>();

  /** `namespace/name`, or the name for kinds without namespace. */
  keyOf(object: ScriptObject): string {
    const name = object.metadata?.name ?? "";
    return clusterScoped.has(object.kind) ? name : `${object.metadata?.namespace || "default"}/${name}`;
  }

  get(kind: string, key: string): ScriptObject | undefined {
    return this.#objects.get(kind)?.get(key);
  }

  /** Puts the object in place of one of the same name, which is returned. */
  put(object: ScriptObject): ScriptObject | undefined {
    let ofKind = this.#objects.get(object.kind);
    if (ofKind === undefined) {
      ofKind = new Map();
      this.#objects.set(object.kind, ofKind);
    }
    const key = this.keyOf(object);
    const before = ofKind.get(key);
    ofKind.set(key, object);
    return before;
  }

  /** Removes and returns an object. */
  take(kind: string, key: string): ScriptObject | undefined {
    const object = this.get(kind, key);
    this.#objects.get(kind)?.delete(key);
    return object;
  }

  pod(key: string): PodObject | undefined {
    return asObject<PodObject>(this.get("Pod", key));
  }

  /** Whether a pod of that name is there and not bound. */
  isWaiting(pod: PodObject): boolean {
    const known = this.pod(podKey(pod));
    return known !== undefined && !known.spec?.nodeName;
  }

  resourceClaim(key: string): EventObjects["resource.k8s.io/ResourceClaim"] | undefined {
    return asObject(this.get("ResourceClaim", key));
  }

  volumeClaim(key: string): EventObjects["PersistentVolumeClaim"] | undefined {
    return asObject(this.get("PersistentVolumeClaim", key));
  }

  *deviceClasses(): Iterable<EventObjects["resource.k8s.io/DeviceClass"]> {
    for (const object of this.#objects.get("DeviceClass")?.values() ?? []) {
      yield asObject<EventObjects["resource.k8s.io/DeviceClass"]>(object);
    }
  }
}

/** A script's object is what its kind says: the recording took it from the API. */
export function asObject<Known extends EventObject>(object: ScriptObject): Known;
export function asObject<Known extends EventObject>(object: ScriptObject | undefined): Known | undefined;
export function asObject<Known extends EventObject>(object: ScriptObject | undefined): Known | undefined {
  return object as Known | undefined;
}
