import type { PodTemplate } from "../cluster/specs.ts";
import type { PodGroupObject } from "../kubernetes/pod-group.ts";
import type { PerfGroups } from "./perf-gates.ts";

/** What a workload does with groups of pods, and what of that is not modelled. */
export function perfGroups(groups: readonly PodGroupObject[], templates: readonly PodTemplate[]): PerfGroups {
  const members = templates.some(({ object }) => object.spec?.schedulingGroup !== undefined);
  const priorities = templates.map(({ object }) => object.spec?.priority ?? 0);
  const lowest = Math.min(...priorities);
  const problem = groups.some(({ spec }) => (spec?.priority ?? 0) > lowest)
    ? "groups of pods that preempt others"
    : groups.some(({ spec }) => spec?.disruptionMode?.all !== undefined)
      ? "groups of pods that are preempted as a whole"
      : undefined;
  return { members, problem };
}
