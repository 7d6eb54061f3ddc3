import { clusterOf } from "../reference/reference-cluster.ts";
import type { PromisedClaim, ReferenceCluster } from "../reference/reference-plugin.ts";
import type { CaseCluster } from "./case-cluster.ts";

/** The state of a recorded case as the reference sees it. @internal */
export function referenceClusterOf(
  { cluster, pods }: CaseCluster,
  promisedClaims: readonly PromisedClaim[],
): ReferenceCluster {
  const { nodes, objects } = cluster;
  const order = [...nodes.order];
  return clusterOf({
    nodes: objects.nodes.map((object) => ({ object })),
    order: order.map((node) => nodes.name(node)),
    placed: order.flatMap((node) =>
      cluster
        .podsOn(node)
        .map((row) => ({ pod: { name: "", object: pods[row] }, node: nodes.name(node), devices: [] })),
    ),
    objects,
    promisedClaims,
  });
}
