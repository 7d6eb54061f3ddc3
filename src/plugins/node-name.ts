import { definePlugin, everyNode } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unresolvable } from "../scheduler/status.ts";

const MISMATCH = unresolvable("node(s) didn't match the requested node name");

/** A pod that names its node goes there or nowhere (upstream: plugins/nodename). */
export const nodeName = definePlugin({
  name: "NodeName",
  reads: "object",
  preFilter({ pod }) {
    const name = pod.spec.nodeName;
    return name ? { names: [name] } : undefined;
  },
  filter({ pod, nodes }) {
    const name = pod.spec.nodeName;
    if (!name) return everyNode;
    const row = nodes.rowOf(name);
    return keepWhere((node) => node === row);
  },
  judge({ pod, nodes }) {
    const name = pod.spec.nodeName;
    if (!name) return undefined;
    return (node) => (nodes.name(node) === name ? undefined : MISMATCH);
  },
  sign: ({ spec }) => ({ "v1.Pod.Spec.NodeName": spec.nodeName ?? "" }),
  eventsToRegister: ["NodeAdd"],
});
