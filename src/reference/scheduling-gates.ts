import { unresolvable } from "../scheduler/status.ts";
import { type ReferencePlugin, specOf } from "./reference-plugin.ts";

export const referenceSchedulingGates: ReferencePlugin = {
  preEnqueue(pod) {
    const gates = specOf(pod).schedulingGates ?? [];
    if (gates.length === 0) return undefined;
    const names = gates.map((gate) => gate.name ?? "");
    return unresolvable(`waiting for scheduling gates: [${names.join(" ")}]`);
  },
};
