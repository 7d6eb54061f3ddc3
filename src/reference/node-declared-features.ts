import type { PodTemplate } from "../cluster/specs.ts";
import { unresolvable } from "../scheduler/status.ts";
import { type ReferencePlugin, specOf } from "./reference-plugin.ts";

export const referenceNodeDeclaredFeatures: ReferencePlugin = {
  preFilter: (pod) => (featuresOf(pod).length === 0 ? "skip" : undefined),
  filter(pod, node) {
    // A node's list is trusted to be sorted: what stands behind a greater name is not seen.
    const rest = [...(node.object.status?.declaredFeatures ?? [])];
    for (const feature of featuresOf(pod)) {
      let first = rest.shift();
      while (first !== undefined && first < feature) first = rest.shift();
      if (first !== feature) return unresolvable("node(s) didn't match Pod's required features");
    }
    return undefined;
  },
};

/** What a pod needs of its node, by name, ascending. */
function featuresOf(pod: PodTemplate): string[] {
  const { containers = [], initContainers = [], ephemeralContainers = [], ...spec } = specOf(pod);
  const needed: string[] = [];
  const rules = [...containers, ...initContainers].flatMap((one) => one.restartPolicyRules ?? []);
  if (rules.some(({ action }) => action === "RestartAllContainers"))
    needed.push("RestartAllContainersOnContainerExits");
  if (spec.hostNetwork === true && spec.hostUsers === false) needed.push("UserNamespacesHostNetworkSupport");
  const mounts = [...containers, ...initContainers, ...ephemeralContainers].flatMap(
    (one) => one.volumeMounts ?? [],
  );
  if (mounts.some(({ bindMountOptions = [] }) => bindMountOptions.length > 0))
    needed.push("VolumeBindMountOptions");
  return needed;
}
