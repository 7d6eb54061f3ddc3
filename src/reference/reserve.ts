import type { PodTemplate } from "../cluster/specs.ts";
import { clusterOf, nodeNamed, type ReferenceClusterParts } from "./reference-cluster.ts";
import type { Holdings } from "./reference-plugin.ts";
import { pluginsOf } from "./reference-plugins.ts";
import type { ReferencePolicy } from "./reference-policy.ts";

/** What the cluster holds beside nodes and pods once a pod is promised to a node, as the plugins of a policy have it. */
export function reserve(
  parts: ReferenceClusterParts,
  policy: ReferencePolicy,
  pod: PodTemplate,
  nodeName: string,
): Holdings {
  let cluster = clusterOf(parts);
  const node = nodeNamed(cluster, nodeName);
  for (const { plugin } of pluginsOf(policy).all) {
    if (node !== undefined && plugin.reserve !== undefined)
      cluster = { ...cluster, ...plugin.reserve(pod, node, cluster) };
  }
  return { objects: cluster.objects, promisedClaims: cluster.promisedClaims };
}
