import { unresolvable } from "../scheduler/status.ts";
import { type ReferencePlugin, specOf } from "./reference-plugin.ts";

export const referenceNodeName: ReferencePlugin = {
  preFilter(pod) {
    const wanted = specOf(pod).nodeName ?? "";
    return wanted === "" ? undefined : { names: [wanted] };
  },
  filter(pod, node) {
    const wanted = specOf(pod).nodeName ?? "";
    if (wanted === "" || wanted === node.name) return undefined;
    return unresolvable("node(s) didn't match the requested node name");
  },
};
