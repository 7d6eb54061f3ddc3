import { definePlugin } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unresolvable } from "../scheduler/status.ts";

const MISMATCH = unresolvable("node(s) didn't match the requested node name");

/** A pod that names its node goes there or nowhere (upstream: plugins/nodename). */
export const nodeName = definePlugin({
  name: "NodeName",
  preFilter({ pod, nodes }) {
    const name = pod.spec.nodeName;
    if (!name) return undefined;
    const row = nodes.rowOf(name);
    return { nodes: row === undefined ? [] : [row] };
  },
  filter({ pod, nodes }) {
    const name = pod.spec.nodeName;
    if (!name) return undefined;
    const row = nodes.rowOf(name);
    return keepWhere((node) => node === row);
  },
  judge({ pod, nodes }) {
    const name = pod.spec.nodeName;
    if (!name) return undefined;
    return (node) => (nodes.name(node) === name ? undefined : MISMATCH);
  },
  eventsToRegister: ["NodeAdd"],
});
