import type { PodTemplate } from "../cluster/specs.ts";
import type { ReferenceCluster } from "./reference-plugin.ts";

/** What upstream's PreFilter and PreScore do: something is counted once for a pod and a cluster, which does not change. */
export function oncePerCluster<T>(
  count: (pod: PodTemplate, cluster: ReferenceCluster) => T,
): (pod: PodTemplate, cluster: ReferenceCluster) => T {
  const known = new WeakMap<ReferenceCluster, WeakMap<PodTemplate, T>>();
  return (pod, cluster) => {
    let byPod = known.get(cluster);
    if (byPod === undefined) {
      byPod = new WeakMap();
      known.set(cluster, byPod);
    }
    if (!byPod.has(pod)) byPod.set(pod, count(pod, cluster));
    return byPod.get(pod) as T;
  };
}
