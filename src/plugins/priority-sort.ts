import { definePlugin } from "../scheduler/plugin.ts";

/** Higher priority first, then first come, first served (upstream: plugins/queuesort/priority_sort.go). */
export const prioritySort = definePlugin({ name: "PrioritySort", queueSort: (pod) => pod.priority });
