import type { NodeObject } from "../kubernetes/node.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import type { HeldEvent } from "../scheduler/queue/in-flight-list.ts";
import { nodeChanges } from "../scheduler/queue/node-changes.ts";
import { podChanges } from "../scheduler/queue/pod-changes.ts";
import {
  type ActionName,
  type EventObjects,
  type EventResource,
  type QueueEvent,
  queueEvent,
} from "../scheduler/queue/queue-event.ts";
import type { PodTable, WaitingPod } from "./pod-table.ts";
import type { WaitingEntity } from "./waiting-group.ts";
import type { World } from "./world.ts";

const podAssigned = queueEvent("AssignedPod", "Add");
const podLeft = queueEvent("AssignedPod", "Delete");

const podAppeared = queueEvent("UnscheduledPod", "Add");

/** What the scheduler's informer handlers do to its queue when something changes (upstream: pkg/scheduler/eventhandlers.go). */
export interface Informers {
  /** A pod that is to be scheduled is there; told only where pods are scheduled as groups. */
  readonly podAdded: (pod: number) => void;
  /** A pod is bound to the node on which the cluster has it. */
  readonly podAssigned: (pod: number) => void;
  /** A pod has left a node; whoever has the key `except` does not hear of it. */
  readonly podLeft: (pod: number, node: number, except?: WaitingEntity["key"]) => void;
  /** A pod on a node became another one; `before` is how it was. */
  readonly placedPodUpdated: (pod: number, before: PodObject) => void;
  /** A pod that waits became another one. */
  readonly waitingPodUpdated: (before: WaitingPod, after: WaitingPod) => void;
  /** A pod is expected on its nominated node no more: pods of no greater priority hear of it. */
  readonly nominationGone: (pod: number) => void;
  readonly nodeAdded: (node: number) => void;
  readonly nodeUpdated: (before: NodeObject, after: NodeObject) => void;
  readonly nodeRemoved: (object: NodeObject) => void;
  /** An object beside pods and nodes was added, changed or deleted. */
  objectChanged<Resource extends EventResource>(
    resource: Resource,
    before: EventObjects[Resource] | undefined,
    after: EventObjects[Resource] | undefined,
  ): void;
}

export function informers(world: World): Informers {
  const { queue, pods, groups, cluster } = world;
  const tell = (held: HeldEvent): void => queue.moveAll(held, world.now);
  const nodeName = (node: number): string => cluster.nodes.name(node);

  return {
    podAdded(pod) {
      if (queue.wants(podAppeared)) tell(new PodEvent(podAppeared, pods, pod, undefined));
    },
    podAssigned(pod) {
      if (!queue.wants(podAssigned)) return;
      tell(new PodEvent(podAssigned, pods, pod, nodeName(cluster.nodeOf(pod))));
    },
    podLeft(pod, node, except) {
      if (!queue.wants(podLeft)) return;
      const held = new PodEvent(podLeft, pods, pod, nodeName(node));
      queue.moveAll(held, world.now, except === undefined ? undefined : ({ key }) => key === except);
    },
    placedPodUpdated(pod, before) {
      const after = pods.objectOf(pod, nodeName(cluster.nodeOf(pod)));
      for (const event of podChanges(before, after)) tell({ event, before, after });
    },
    waitingPodUpdated(before, after) {
      const group = groups.groupOf(after.key);
      if (group?.pending.has(after.key)) {
        group.update(after.key);
        queue.activate(group, world.now);
        return;
      }
      queue.update(before, after, podChanges(before.object, after.object), world.now);
    },
    nominationGone(pod) {
      const { priority } = pods.kindOf(pod);
      const held = new PodEvent(podLeft, pods, pod, undefined);
      queue.moveAll(held, world.now, (other) => other.kind.priority > priority);
    },
    nodeAdded(node) {
      tell({ event: queueEvent("Node", "Add"), before: undefined, after: cluster.nodes.object(node) });
    },
    nodeUpdated(before, after) {
      for (const event of nodeChanges(before, after)) tell({ event, before, after });
    },
    nodeRemoved(object) {
      tell({ event: queueEvent("Node", "Delete"), before: object, after: undefined });
    },
    objectChanged(resource, before, after) {
      const action: ActionName = before === undefined ? "Add" : after === undefined ? "Delete" : "Update";
      tell({ event: queueEvent(resource, action), before, after });
    },
  };
}

/** A pod that came to a node or left it; its object is made when a hint reads it, which is seldom. */
class PodEvent implements HeldEvent {
  readonly event: QueueEvent;
  readonly #pods: PodTable;
  readonly #row: number;
  readonly #node: string | undefined;
  #object: PodObject | undefined;

  constructor(event: QueueEvent, pods: PodTable, row: number, node: string | undefined) {
    this.event = event;
    this.#pods = pods;
    this.#row = row;
    this.#node = node;
  }

  get before(): PodObject | undefined {
    return this.event === podLeft ? this.#pod : undefined;
  }

  get after(): PodObject | undefined {
    return this.event === podLeft ? undefined : this.#pod;
  }

  get #pod(): PodObject {
    this.#object ??= this.#pods.objectOf(this.#row, this.#node);
    return this.#object;
  }
}
