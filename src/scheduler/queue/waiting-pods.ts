import type { QueuedPod, QueuePod } from "./queued-pod.ts";

/** Pods by key. Rows are places in a list, which costs nothing to come and go; names are looked up. */
export class WaitingPods<Pod extends QueuePod> {
  readonly #byRow: (QueuedPod<Pod> | undefined)[] = [];
  readonly #byName = new Map<string, QueuedPod<Pod>>();

  get(key: QueuePod["key"]): QueuedPod<Pod> | undefined {
    return typeof key === "number" ? this.#byRow[key] : this.#byName.get(key);
  }

  set(key: QueuePod["key"], entry: QueuedPod<Pod>): void {
    if (typeof key === "string") {
      this.#byName.set(key, entry);
      return;
    }
    // A list with holes would be slower.
    while (this.#byRow.length < key) this.#byRow.push(undefined);
    this.#byRow[key] = entry;
  }

  delete(key: QueuePod["key"]): void {
    if (typeof key === "string") this.#byName.delete(key);
    else if (key < this.#byRow.length) this.#byRow[key] = undefined;
  }
}
