import type { NodeObject } from "../kubernetes/node.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { nodeChanges } from "../scheduler/queue/node-changes.ts";
import { podChanges } from "../scheduler/queue/pod-changes.ts";
import {
  type ActionName,
  type EventObject,
  type EventResource,
  type QueueEvent,
  queueEvent,
} from "../scheduler/queue/queue-event.ts";
import { podUid, type QueuePod, queuePod } from "../scheduler/queue/queued-pod.ts";
import type { SchedulingQueue } from "../scheduler/queue/scheduling-queue.ts";
import type { ScriptObject } from "./queue-script.ts";
import { asObject } from "./queue-script-cluster.ts";

type Change = "Add" | "Update" | "Delete";

/** Which changes of other kinds some plugin of the default profile registered for: only these have handlers. */
const watched: Readonly<Record<string, readonly [EventResource, readonly Change[]]>> = {
  PersistentVolume: ["PersistentVolume", ["Add", "Update"]],
  PersistentVolumeClaim: ["PersistentVolumeClaim", ["Add", "Update"]],
  CSINode: ["storage.k8s.io/CSINode", ["Add", "Update"]],
  CSIDriver: ["storage.k8s.io/CSIDriver", ["Update"]],
  CSIStorageCapacity: ["storage.k8s.io/CSIStorageCapacity", ["Add", "Update"]],
  StorageClass: ["storage.k8s.io/StorageClass", ["Add", "Update"]],
  VolumeAttachment: ["storage.k8s.io/VolumeAttachment", ["Delete"]],
  ResourceClaim: ["resource.k8s.io/ResourceClaim", ["Add", "Update", "Delete"]],
  ResourceSlice: ["resource.k8s.io/ResourceSlice", ["Add", "Update"]],
  DeviceClass: ["resource.k8s.io/DeviceClass", ["Add", "Update"]],
};

/**
 * What the scheduler's informer handlers do to its queue when an object changes (upstream: pkg/scheduler/eventhandlers.go).
 */
export class QueueScriptHandlers {
  readonly #queue: SchedulingQueue;
  /** Pods assumed on a node and not yet seen bound, by identity, as the scheduler's cache has them. */
  readonly #assumed = new Map<string, PodObject>();

  constructor(queue: SchedulingQueue) {
    this.#queue = queue;
  }

  assume(pod: PodObject, node: string): void {
    this.#assumed.set(podUid(pod), { ...pod, spec: { ...pod.spec, nodeName: node } });
  }

  /** Takes an assumed pod off its node; undefined when it is not assumed any more. */
  forget(pod: PodObject): PodObject | undefined {
    const assumed = this.#assumed.get(podUid(pod));
    this.#assumed.delete(podUid(pod));
    return assumed;
  }

  changed(
    before: ScriptObject | undefined,
    after: ScriptObject | undefined,
    sameVersion: boolean,
    nowUs: number,
  ): void {
    const kind = (after ?? before)?.kind ?? "";
    const change = before === undefined ? "Add" : after === undefined ? "Delete" : "Update";
    if (kind === "Pod") {
      this.#podChanged(asObject<PodObject>(before), asObject<PodObject>(after), sameVersion, nowUs);
    } else if (kind === "Node" && change === "Update") {
      const [old, now] = [asObject<NodeObject>(before), asObject<NodeObject>(after)];
      if (old && now) for (const event of nodeChanges(old, now)) this.move(event, old, now, nowUs);
    } else {
      const [resource, changes] =
        kind === "Node" ? (["Node", ["Add", "Delete"]] as const) : (watched[kind] ?? []);
      if (resource === undefined || changes?.includes(change) !== true) return;
      const action: ActionName = change;
      this.move(queueEvent(resource, action), asObject(before), asObject(after), nowUs);
    }
  }

  move(
    event: QueueEvent,
    before: EventObject | undefined,
    after: EventObject | undefined,
    nowUs: number,
    excludes?: (pod: QueuePod) => boolean,
  ): void {
    this.#queue.moveAll({ event, before, after }, nowUs, excludes);
  }

  #podChanged(
    before: PodObject | undefined,
    after: PodObject | undefined,
    sameVersion: boolean,
    nowUs: number,
  ): void {
    if (before === undefined) {
      if (after === undefined) return;
      if (after.spec?.nodeName) this.#bound(after, nowUs);
      else this.#queue.add(queuePod(after), nowUs);
    } else if (after === undefined) {
      if (before.spec?.nodeName) this.move(podDeleted, before, undefined, nowUs);
      else this.#waitingDeleted(before, nowUs);
    } else if (before.spec?.nodeName) {
      for (const event of podChanges(before, after)) this.move(event, before, after, nowUs);
    } else if (after.spec?.nodeName) {
      this.#bound(after, nowUs);
      this.#queue.delete(queuePod(before));
    } else if (!sameVersion && !this.#assumed.has(podUid(after))) {
      this.#queue.update(queuePod(before), queuePod(after), podChanges(before, after), nowUs);
      this.#nominationGone(before, after.status?.nominatedNodeName ?? "", nowUs);
    }
  }

  #bound(pod: PodObject, nowUs: number): void {
    this.#assumed.delete(podUid(pod));
    this.move(queueEvent("AssignedPod", "Add"), undefined, pod, nowUs);
  }

  #waitingDeleted(pod: PodObject, nowUs: number): void {
    this.#queue.delete(queuePod(pod));
    const assumed = this.forget(pod);
    if (assumed !== undefined) this.move(podDeleted, assumed, undefined, nowUs);
    else this.#nominationGone(pod, "", nowUs);
  }

  /** A nominated pod weighs on its node for those of lower or equal priority: they hear of its leaving. */
  #nominationGone(pod: PodObject, node: string, nowUs: number): void {
    const nominated = pod.status?.nominatedNodeName ?? "";
    if (nominated === "" || nominated === node) return;
    const priority = pod.spec?.priority ?? 0;
    this.move(podDeleted, pod, undefined, nowUs, (other) => other.priority > priority);
  }
}

export const podDeleted = queueEvent("AssignedPod", "Delete");
