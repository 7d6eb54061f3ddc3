import { digest } from "../base/digest.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Column } from "../cluster/column.ts";

/** One text for everything that a plugin may read of a cluster; equal clusters have equal digests. */
export function clusterDigest(cluster: Cluster): string {
  const { nodes } = cluster;
  const values = (column: Column): Float64Array =>
    Float64Array.from({ length: nodes.count }, (_, row) => column[row]);
  const columns = [
    ...nodes.allocatable,
    ...nodes.requested,
    nodes.nonZeroCpu,
    nodes.nonZeroMemory,
    nodes.podCount,
    nodes.allowedPods,
    nodes.unschedulable,
    nodes.taintSet,
    nodes.imageSet,
    nodes.devices.first,
    nodes.devices.count,
    nodes.devices.model,
  ];
  const rows = Array.from({ length: nodes.count }, (_, row) => row);
  return digest(
    nodes.order,
    ...columns.map(values),
    Float64Array.from({ length: nodes.devices.free.length }, (_, device) => nodes.devices.free[device]),
    JSON.stringify([
      nodes.epoch,
      nodes.taintSets,
      nodes.imageSets,
      rows.map((row) => [nodes.object(row), cluster.podsOn(row), [...cluster.portsOn(row)]]),
      cluster.kinds.map(({ spec, namespace, priority }) => [spec, namespace, priority]),
    ]),
  );
}
