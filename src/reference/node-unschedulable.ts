import { unresolvable } from "../scheduler/status.ts";
import { type ReferencePlugin, specOf } from "./reference-plugin.ts";
import { bears } from "./tolerates.ts";

export const referenceNodeUnschedulable: ReferencePlugin = {
  filter(pod, node) {
    if (node.object.spec?.unschedulable !== true) return undefined;
    for (const toleration of specOf(pod).tolerations ?? []) {
      if (bears(toleration, { key: "node.kubernetes.io/unschedulable", value: "", effect: "NoSchedule" })) {
        return undefined;
      }
    }
    return unresolvable("node(s) were unschedulable");
  },
};
