import type { PodObject } from "../../kubernetes/pod.ts";
import type { QueuedPod } from "./queued-pod.ts";

/** A PreEnqueue plugin: whether the pod may be queued now. */
export interface Gate {
  readonly plugin: string;
  readonly admits: (pod: PodObject) => boolean;
}

/**
 * Asks the gates, first the one that held the pod back before. One that does so now is written into `gatedBy` and joins the
 * rejectors, where it stays.
 */
export function passesGates(entry: QueuedPod, gates: readonly Gate[]): boolean {
  const first = gates.filter((gate) => gate.plugin === entry.gatedBy);
  const others = gates.filter((gate) => gate.plugin !== entry.gatedBy);
  for (const gate of [...first, ...others]) {
    if (gate.admits(entry.pod)) continue;
    entry.gatedBy = gate.plugin;
    entry.unschedulablePlugins = new Set([...entry.unschedulablePlugins, gate.plugin]);
    return false;
  }
  entry.gatedBy = undefined;
  return true;
}
