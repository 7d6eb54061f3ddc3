import type { Cluster } from "../cluster/cluster.ts";
import type { PodKind } from "../cluster/pod-kind.ts";
import type { Nominations } from "../scheduler/nominations.ts";
import type { Profile } from "../scheduler/profile.ts";

/** One scheduling attempt that is to be recorded, before anything of it has happened. */
export interface AttemptToRecord {
  readonly cluster: Cluster;
  readonly profile: Profile;
  /** The pod: its row, its kind, and its name as `namespace/name`. */
  readonly row: number;
  readonly kind: PodKind;
  readonly name: string;
  /** Which attempt of this pod it is, from 1. */
  readonly attempt: number;
  /** Where the search starts, a place in node order (SchedulingCycle.nextStart before the attempt). */
  readonly start: number;
  /** Who is expected on which node; absent: nobody is. The node that the pod is nominated to is tried before all others. */
  readonly nominations?: Nominations | undefined;
  /** The row of the node that the pod is nominated to, where nobody else is nominated to any. */
  readonly nominated?: number | undefined;
  /**
   * The row of the node that batching proposes to the pod, -1 for none; asked once PreFilter has passed, where there is no
   * nomination. Absent: there is no batching.
   */
  readonly hint?: (() => number) | undefined;
  /** The name of any pod, as `namespace/name`; its row when absent. */
  readonly podName?: ((row: number) => string) | undefined;
  /** Where preemption's dry runs start among `n` nodes; at the first when absent. */
  readonly preemptionOffset?: ((n: number) => number) | undefined;
  /** Also each plugin's own verdict on every node, as if it were alone. */
  readonly perPlugin?: boolean | undefined;
}

/** The row of the node that the pod is nominated to, when it is there. */
export function nominatedNode(attempt: AttemptToRecord): number | undefined {
  const { nominated, nominations, row, cluster } = attempt;
  const node = nominated ?? nominations?.nodeOf(row) ?? -1;
  return cluster.nodes.positions[node] >= 0 ? node : undefined;
}
