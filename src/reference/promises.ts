import type { Cluster } from "../cluster/cluster.ts";
import type { ResourceClaimObject } from "../kubernetes/device-object.ts";
import type { PodObject } from "../kubernetes/pod.ts";
import { namespaceOf, type PromisedClaim } from "./reference-plugin.ts";

interface Promise {
  readonly row: number;
  readonly pod: PodObject;
  readonly claims: readonly PromisedClaim[];
}

const known = new WeakMap<Cluster, Promise[]>();

/** What pods of a cluster are promised, by whichever profile, until they are bound or lose their places. */
export function promisedClaims(cluster: Cluster): readonly PromisedClaim[] {
  const promises = (known.get(cluster) ?? []).filter(
    ({ row, pod, claims }) =>
      cluster.nodeOf(row) !== -1 && !claims.every((claim) => isWritten(cluster, pod, claim)),
  );
  known.set(cluster, promises);
  return promises.flatMap(({ claims }) => claims);
}

/** The pod is about to count on a node, with devices for these claims. */
export function promise(
  cluster: Cluster,
  row: number,
  pod: PodObject,
  claims: readonly PromisedClaim[],
): void {
  if (claims.length === 0) return;
  known.set(cluster, [...(known.get(cluster) ?? []), { row, pod, claims }]);
}

/** PreBind has told the API: the claim is allocated, or, for extended resources, there is one at all. */
function isWritten({ objects }: Cluster, pod: PodObject, claim: PromisedClaim): boolean {
  const name = claim.metadata?.name;
  const written = name === "<extended-resources>" ? `${pod.metadata?.name}-extended-resources` : name;
  const isIt = ({ metadata = {}, status }: ResourceClaimObject) =>
    metadata.name === written &&
    namespaceOf({ metadata }) === namespaceOf(claim) &&
    status?.allocation !== undefined;
  return objects.resourceClaims.some(isIt);
}
