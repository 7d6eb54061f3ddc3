import { tolerates } from "../kubernetes/toleration.ts";
import { type Cycle, definePlugin, everyNode } from "../scheduler/plugin.ts";
import { rememberedPerCluster } from "../scheduler/remembered.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unresolvable } from "../scheduler/status.ts";
import { signTolerations } from "./signing/sign-tolerations.ts";

const CORDONED = unresolvable("node(s) were unschedulable");
const TAINT = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" } as const;

const anyCordoned = rememberedPerCluster((nodes) =>
  nodes.order.some((node) => nodes.unschedulable[node] === 1),
);

/** Rejects cordoned nodes, unless the pod tolerates the taint that stands for it (upstream: plugins/nodeunschedulable). */
export const nodeUnschedulable = definePlugin({
  name: "NodeUnschedulable",
  reads: "object",
  filter(cycle) {
    if (!concerns(cycle)) return everyNode;
    const { unschedulable } = cycle.nodes;
    return keepWhere((node) => unschedulable[node] === 0);
  },
  judge(cycle) {
    if (!concerns(cycle)) return undefined;
    const { unschedulable } = cycle.nodes;
    return (node) => (unschedulable[node] === 0 ? undefined : CORDONED);
  },
  sign: signTolerations,
  eventsToRegister: ["NodeAdd", "NodeUpdate"],
});

function concerns({ pod, nodes }: Cycle): boolean {
  return (
    anyCordoned(nodes) && !(pod.spec.tolerations ?? []).some((toleration) => tolerates(toleration, TAINT))
  );
}
