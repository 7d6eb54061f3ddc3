import { PlacedHeap } from "../../base/placed-heap.ts";
import type { QueuedPod, QueuePod } from "./queued-pod.ts";

/** Pods in back-off, those that plugins rejected apart from those whose attempt was an error (upstream: backoff_queue.go). */
export class PodsInBackoff<Pod extends QueuePod> {
  /** By the end of the back-off, then as in activeQ. */
  readonly rejected = new PlacedHeap<QueuedPod<Pod>>();
  /** By the end of the back-off. */
  readonly errored = new PlacedHeap<QueuedPod<Pod>>();

  /** The earliest end of a back-off; Infinity when nobody backs off. */
  get firstUs(): number {
    return Math.min(this.rejected.leastKey, this.errored.leastKey);
  }

  add(entry: QueuedPod<Pod>): void {
    const rejected = entry.unschedulablePlugins.size + entry.pendingPlugins.size > 0;
    if (rejected) this.rejected.push(entry, entry.expiryUs, -entry.pod.priority, entry.timestampUs);
    else this.errored.push(entry, entry.expiryUs);
  }

  /** False when the pod is not here. */
  remove(entry: QueuedPod<Pod>): boolean {
    return this.rejected.remove(entry) || this.errored.remove(entry);
  }

  /** To be called after the pod of an entry has become another one; what it does not read of it is as it was. */
  fix(entry: QueuedPod<Pod>): void {
    if (!this.rejected.has(entry)) return;
    this.rejected.fix(entry, entry.expiryUs, -entry.pod.priority, entry.timestampUs);
  }

  /** Takes out the pods whose back-off ended before then, in the order in which they leave it. */
  takeExpired(beforeUs: number): QueuedPod<Pod>[] {
    const expired: QueuedPod<Pod>[] = [];
    for (const heap of [this.rejected, this.errored]) {
      while (heap.leastKey < beforeUs) expired.push(heap.pop()!);
    }
    return expired;
  }
}
