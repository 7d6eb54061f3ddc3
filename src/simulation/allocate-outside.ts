import type { Cluster } from "../cluster/cluster.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import type { Profile } from "../scheduler/profile.ts";

/**
 * Allocates every claim of a namespace (of all when it is empty) that is not, as scheduler_perf's allocResourceClaims does: the nodes are tried in turn,
 * from the next one for each claim, and a claim that fits nowhere stays as it is. Each claim is then used by a pod that nobody
 * schedules.
 */
export function allocateOutside(cluster: Cluster, { plugins }: Profile, namespace: string): void {
  const plugin = plugins.find((one) => one.plugin.name === "DynamicResources")?.plugin;
  if (plugin?.reserve === undefined || plugin.preBind === undefined) return;
  const claims = cluster.objects.resourceClaims.filter(
    ({ metadata, status }) =>
      (namespace === "" || (metadata?.namespace || "default") === namespace) &&
      status?.allocation === undefined,
  );
  let start = 0;
  for (const { metadata } of claims) {
    const claimName = metadata?.name ?? "";
    const object: PodObject = {
      kind: "Pod",
      metadata: { name: `user-of-${claimName}`, namespace: metadata?.namespace || "default" },
      spec: { resourceClaims: [{ name: "claim", resourceClaimName: claimName }] },
    };
    const pod = cluster.kind({ name: "", object });
    const { nodes } = cluster;
    const look = (): Cycle => ({ pod, row: -1, nodes, cluster });
    const cycle = look();
    const rejected = plugin.preFilter?.(cycle);
    if (rejected !== undefined && "rejected" in rejected) continue;
    const judge = plugin.judge?.(cycle);
    const { order } = nodes;
    for (let i = 0; i < order.length; i++) {
      const node = order[(start + i) % order.length];
      if (judge?.(node) !== undefined) continue;
      cluster.objects = plugin.reserve(cycle, node);
      cluster.objects = plugin.preBind(look(), object);
      start = (start + i + 1) % order.length;
      break;
    }
  }
}
