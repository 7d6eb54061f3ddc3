import { definePlugin } from "../scheduler/plugin.ts";
import { unresolvable } from "../scheduler/status.ts";

/** Keeps a pod with scheduling gates out of the queue (upstream: plugins/schedulinggates). */
export const schedulingGates = definePlugin({
  name: "SchedulingGates",
  preEnqueue(pod) {
    const gates = pod.spec.schedulingGates ?? [];
    if (gates.length === 0) return undefined;
    return unresolvable(`waiting for scheduling gates: [${gates.map((gate) => gate.name ?? "").join(" ")}]`);
  },
  eventsToRegister: [],
});
