import type { Cluster } from "../cluster/cluster.ts";
import type { NodeColumns } from "../cluster/node-columns.ts";
import type { PodKind } from "../cluster/pod-kind.ts";

/** What a plugin may look at while one pod is being scheduled. It reads; only the cycle's owner writes. */
export interface Cycle {
  /** What scheduling reads of the pod. */
  readonly pod: PodKind;
  /** The pod's row. */
  readonly row: number;
  readonly nodes: NodeColumns;
  readonly cluster: Pick<
    Cluster,
    "podsOn" | "portsOn" | "kindOf" | "nodeOf" | "devicesOf" | "startTimeOf" | "kinds" | "objects"
  >;
}
