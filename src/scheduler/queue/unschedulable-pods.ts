import type { QueuedPod, QueuePod } from "./queued-pod.ts";

/**
 * Pods that wait for an event, with those that a gate holds back, in the order in which they came; found by the plugins that
 * rejected them, so that an event that concerns nobody here costs nothing.
 */
export class UnschedulablePods<Pod extends QueuePod> {
  /** The place in line, by which pods found by several plugins are put in order. */
  readonly #pods = new Map<QueuedPod<Pod>, number>();
  readonly #byPlugin = new Map<string, Set<QueuedPod<Pod>>>();
  #added = 0;
  #lastUs = Number.NEGATIVE_INFINITY;
  #sorted = true;

  has(entry: QueuedPod<Pod>): boolean {
    return this.#pods.has(entry);
  }

  get all(): QueuedPod<Pod>[] {
    return [...this.#pods.keys()];
  }

  get size(): number {
    return this.#pods.size;
  }

  /** A pod that is here already keeps its place; its rejectors may have become more. */
  add(entry: QueuedPod<Pod>): void {
    if (!this.#pods.has(entry)) {
      this.#pods.set(entry, this.#added++);
      const sinceUs = waitsSince(entry);
      if (sinceUs < this.#lastUs) this.#sorted = false;
      else this.#lastUs = sinceUs;
    }
    for (const plugin of entry.unschedulablePlugins) this.#of(plugin).add(entry);
    for (const plugin of entry.pendingPlugins) this.#of(plugin).add(entry);
  }

  /** False when the pod is not here. Its rejectors are those that it had when it was added. */
  delete(entry: QueuedPod<Pod>): boolean {
    if (!this.#pods.delete(entry)) return false;
    for (const plugin of entry.unschedulablePlugins) this.#byPlugin.get(plugin)?.delete(entry);
    for (const plugin of entry.pendingPlugins) this.#byPlugin.get(plugin)?.delete(entry);
    return true;
  }

  /** Whether there is a pod that any of the plugins rejected. */
  isRejectedByAny(plugins: readonly string[]): boolean {
    for (const plugin of plugins) {
      const set = this.#byPlugin.get(plugin);
      if (set !== undefined && set.size > 0) return true;
    }
    return false;
  }

  /** Pods that any of the plugins rejected, each once, in the order in which they came. */
  rejectedBy(plugins: readonly string[]): readonly QueuedPod<Pod>[] {
    const sets: ReadonlySet<QueuedPod<Pod>>[] = [];
    for (const plugin of plugins) {
      const set = this.#byPlugin.get(plugin);
      if (set !== undefined && set.size > 0) sets.push(set);
    }
    if (sets.length === 0) return [];
    if (sets.length === 1) return [...sets[0]];
    const all = new Set<QueuedPod<Pod>>();
    for (const set of sets) for (const entry of set) all.add(entry);
    return [...all].sort((a, b) => this.#pods.get(a)! - this.#pods.get(b)!);
  }

  /** Since when the pod that has waited longest is here; Infinity when nobody waits. */
  get oldestUs(): number {
    if (!this.#sorted) this.#sort();
    for (const entry of this.#pods.keys()) return waitsSince(entry);
    return Number.POSITIVE_INFINITY;
  }

  /** To the end of the line: its waiting begins anew. */
  renew(entry: QueuedPod<Pod>): void {
    this.delete(entry);
    this.add(entry);
  }

  #of(plugin: string): Set<QueuedPod<Pod>> {
    let set = this.#byPlugin.get(plugin);
    if (set === undefined) {
      set = new Set();
      this.#byPlugin.set(plugin, set);
    }
    return set;
  }

  /** Pods come in order of time, but for those that a gate sends back from elsewhere. */
  #sort(): void {
    const entries = this.all.sort((a, b) => waitsSince(a) - waitsSince(b));
    this.#pods.clear();
    for (const entry of entries) this.#pods.set(entry, this.#added++);
    this.#sorted = true;
  }
}

/** From when the five minutes count after which a pod is tried whatever happened. */
export function waitsSince({ timestampUs, flushUs }: QueuedPod): number {
  return flushUs === undefined ? timestampUs : Math.max(timestampUs, flushUs);
}
