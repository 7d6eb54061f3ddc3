import { minCountOf } from "../kubernetes/pod-group.ts";
import { definePlugin } from "../scheduler/plugin.ts";
import { podGroupOf } from "../scheduler/pod-groups.ts";
import { unresolvable, unschedulable } from "../scheduler/status.ts";

/** Upstream: permitTimeoutDuration. */
const PERMIT_TIMEOUT_US = 300 * 1e6;

/**
 * All or nothing for the pods of a group (upstream: plugins/gangscheduling): none is queued before so many are there as the
 * group needs, none keeps a place that the others do not get, and none is bound before so many have one.
 */
export const gangScheduling = definePlugin({
  name: "GangScheduling",
  preEnqueue(pod, objects, groups) {
    const name = pod.spec.schedulingGroup?.podGroupName;
    if (name === undefined) return undefined;
    const group = podGroupOf(objects, pod.namespace, name);
    if (group === undefined) {
      return unresolvable(`waiting for pods's pod group "${name}" to appear in scheduling queue`);
    }
    // Whoever looks at one pod alone does not know how many others there are.
    if (group.spec?.schedulingPolicy?.gang === undefined || groups === undefined) return undefined;
    if (groups(pod.namespace, name).all >= minCountOf(group)) return undefined;
    return unresolvable("waiting for minCount pods from a gang to appear in scheduling queue");
  },
  placementFeasible(group, { scheduled, remaining }) {
    const minCount = minCountOf(group);
    const progress = `${scheduled} scheduled, ${remaining} remaining`;
    if (scheduled + remaining < minCount) {
      return { rejected: unschedulable(`minCount (${minCount}) cannot be satisfied: ${progress}`) };
    }
    if (scheduled < minCount) return { wait: `minCount (${minCount}) is not yet satisfied: ${progress}` };
    return undefined;
  },
  permit({ pod, cluster }, _node, groups) {
    const name = pod.spec.schedulingGroup?.podGroupName;
    const group = name === undefined ? undefined : podGroupOf(cluster.objects, pod.namespace, name);
    if (name === undefined || group?.spec?.schedulingPolicy?.gang === undefined) return "allow";
    const { scheduled } = groups(pod.namespace, name);
    return scheduled >= minCountOf(group) ? "allow" : { wait: PERMIT_TIMEOUT_US };
  },
});
