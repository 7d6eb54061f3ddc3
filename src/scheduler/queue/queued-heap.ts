import { RowHeap } from "../../base/row-heap.ts";
import type { QueuedPod, QueuePod } from "./queued-pod.ts";

/**
 * Waiting pods under an order; equal ones fall as in Go's container/heap (append and sift up, swap the root with the last),
 * because upstream's queues show that order to their users. A pod is in one heap at most and carries its place there.
 */
export class QueuedHeap<Pod extends QueuePod> {
  readonly #before: (a: QueuedPod<Pod>, b: QueuedPod<Pod>) => boolean;
  readonly #pods: QueuedPod<Pod>[] = [];

  constructor(before: (a: QueuedPod<Pod>, b: QueuedPod<Pod>) => boolean) {
    this.#before = before;
  }

  get size(): number {
    return this.#pods.length;
  }

  has(pod: QueuedPod<Pod>): boolean {
    return this.#pods[pod.place] === pod;
  }

  peek(): QueuedPod<Pod> | undefined {
    return this.#pods[0];
  }

  push(pod: QueuedPod<Pod>): void {
    pod.place = this.#pods.length;
    this.#pods.push(pod);
    this.#up(pod.place);
  }

  pop(): QueuedPod<Pod> | undefined {
    const pod = this.peek();
    if (pod !== undefined) this.remove(pod);
    return pod;
  }

  /** False when the pod is not here. */
  remove(pod: QueuedPod<Pod>): boolean {
    if (!this.has(pod)) return false;
    const { place } = pod;
    const last = this.#pods.length - 1;
    this.#swap(place, last);
    this.#pods.pop();
    pod.place = -1;
    if (place !== last && !this.#down(place)) this.#up(place);
    return true;
  }

  /** To be called after what the order reads of a pod has changed. */
  fix(pod: QueuedPod<Pod>): void {
    if (this.has(pod) && !this.#down(pod.place)) this.#up(pod.place);
  }

  /** All pods as they would be popped: a copy of the same structure is emptied. */
  inOrder(): QueuedPod<Pod>[] {
    const pods = this.#pods;
    const copy = new RowHeap((a, b) => this.#before(pods[a], pods[b]));
    for (let place = 0; place < pods.length; place++) copy.push(place);
    const order: QueuedPod<Pod>[] = [];
    while (copy.size > 0) order.push(pods[copy.pop()]);
    return order;
  }

  #up(start: number): void {
    for (let i = start; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.#before(this.#pods[i], this.#pods[parent])) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #down(start: number): boolean {
    let i = start;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.#pods.length) break;
      const right = child + 1;
      if (right < this.#pods.length && this.#before(this.#pods[right], this.#pods[child])) child = right;
      if (!this.#before(this.#pods[child], this.#pods[i])) break;
      this.#swap(i, child);
      i = child;
    }
    return i > start;
  }

  #swap(a: number, b: number): void {
    const pod = this.#pods[a];
    this.#put(this.#pods[b], a);
    this.#put(pod, b);
  }

  #put(pod: QueuedPod<Pod>, place: number): void {
    this.#pods[place] = pod;
    pod.place = place;
  }
}

/** PrioritySort: higher priority first, then who waits longer. */
export function sortsBefore(a: QueuedPod, b: QueuedPod): boolean {
  const priorityA = a.pod.priority;
  const priorityB = b.pod.priority;
  return priorityA === priorityB ? a.timestampUs < b.timestampUs : priorityA > priorityB;
}

/** The order of rejected pods in back-off. */
export function leavesBackoffBefore(a: QueuedPod, b: QueuedPod): boolean {
  return a.expiryUs === b.expiryUs ? sortsBefore(a, b) : a.expiryUs < b.expiryUs;
}
