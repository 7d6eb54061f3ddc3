import { RowHeap } from "../../base/row-heap.ts";
import type { QueuedPod } from "./queued-pod.ts";

/** Waiting pods under an order; equal ones fall as in upstream's heap. */
export class QueuedHeap {
  readonly #before: (a: QueuedPod, b: QueuedPod) => boolean;
  readonly #pods = new Map<number, QueuedPod>();
  readonly #heap: RowHeap;

  constructor(before: (a: QueuedPod, b: QueuedPod) => boolean) {
    this.#before = before;
    this.#heap = this.#newHeap();
  }

  has(pod: QueuedPod): boolean {
    return this.#pods.has(pod.row);
  }

  peek(): QueuedPod | undefined {
    return this.#pods.get(this.#heap.peek());
  }

  push(pod: QueuedPod): void {
    this.#pods.set(pod.row, pod);
    this.#heap.push(pod.row);
  }

  pop(): QueuedPod | undefined {
    const pod = this.peek();
    if (pod !== undefined) this.remove(pod);
    return pod;
  }

  /** False when the pod is not here. */
  remove(pod: QueuedPod): boolean {
    this.#heap.remove(pod.row);
    return this.#pods.delete(pod.row);
  }

  /** To be called after what the order reads of a pod has changed. */
  fix(pod: QueuedPod): void {
    this.#heap.fix(pod.row);
  }

  /** All pods as they would be popped: a copy of the same structure is emptied. */
  inOrder(): QueuedPod[] {
    const copy = this.#newHeap();
    for (const row of this.#heap.rows) copy.push(row);
    const order: QueuedPod[] = [];
    while (copy.size > 0) order.push(this.#at(copy.pop()));
    return order;
  }

  #newHeap(): RowHeap {
    return new RowHeap((a, b) => this.#before(this.#at(a), this.#at(b)));
  }

  #at(row: number): QueuedPod {
    return this.#pods.get(row)!;
  }
}

/** PrioritySort: higher priority first, then who waits longer. */
export function sortsBefore(a: QueuedPod, b: QueuedPod): boolean {
  const priorityA = a.pod.spec?.priority ?? 0;
  const priorityB = b.pod.spec?.priority ?? 0;
  return priorityA === priorityB ? a.timestampUs < b.timestampUs : priorityA > priorityB;
}

/** The order of rejected pods in back-off. */
export function leavesBackoffBefore(a: QueuedPod, b: QueuedPod): boolean {
  return a.expiryUs === b.expiryUs ? sortsBefore(a, b) : a.expiryUs < b.expiryUs;
}
