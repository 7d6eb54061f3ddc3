import type { PodObject } from "../../src/kubernetes/pod.ts";
import type { HeldEvent } from "../../src/scheduler/queue/in-flight-list.ts";
import { queueEvent } from "../../src/scheduler/queue/queue-event.ts";
import type { PlayedPod } from "./played-pods.ts";

export const assigned = queueEvent("AssignedPod", "Add");
export const left = queueEvent("AssignedPod", "Delete");

/** A pod came to a node, or left one; its object is made when a hint reads it, which is seldom. */
export class PodEvent implements HeldEvent {
  readonly event;
  readonly #pod: PlayedPod;
  readonly #nodeName: string | undefined;
  #object: PodObject | undefined;

  private constructor(event: HeldEvent["event"], pod: PlayedPod, nodeName: string | undefined) {
    this.event = event;
    this.#pod = pod;
    this.#nodeName = nodeName;
  }

  static assigned(pod: PlayedPod, nodeName: string): PodEvent {
    return new PodEvent(assigned, pod, nodeName);
  }

  /** Without a node's name: a pod is expected on its nominated node no more. */
  static left(pod: PlayedPod, nodeName?: string): PodEvent {
    return new PodEvent(left, pod, nodeName);
  }

  get before(): PodObject | undefined {
    return this.event === left ? this.#made : undefined;
  }

  get after(): PodObject | undefined {
    return this.event === left ? undefined : this.#made;
  }

  get #made(): PodObject {
    this.#object ??= this.#pod.objectOn(this.#nodeName);
    return this.#object;
  }
}
