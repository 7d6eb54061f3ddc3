import type { QueuedPod, QueuePod } from "./queued-pod.ts";

/** A PreEnqueue plugin: whether the pod may be queued now. */
export interface Gate<Pod extends QueuePod = QueuePod> {
  readonly plugin: string;
  readonly admits: (pod: Pod) => boolean;
}

/**
 * Asks the gates, first the one that held the pod back before. One that does so now is written into `gatedBy` and joins the
 * rejectors, where it stays.
 */
export function passesGates<Pod extends QueuePod>(
  entry: QueuedPod<Pod>,
  gates: readonly Gate<Pod>[],
): boolean {
  const before = entry.gatedBy;
  const first = before === undefined ? undefined : gates.find(({ plugin }) => plugin === before);
  if (first !== undefined && !first.admits(entry.pod)) return false;
  for (const gate of gates) {
    if (gate === first || gate.admits(entry.pod)) continue;
    entry.gatedBy = gate.plugin;
    if (!entry.unschedulablePlugins.has(gate.plugin)) {
      entry.unschedulablePlugins = new Set([...entry.unschedulablePlugins, gate.plugin]);
    }
    return false;
  }
  entry.gatedBy = undefined;
  return true;
}
