import type { Cycle } from "../scheduler/plugin.ts";
import type { Profile } from "../scheduler/profile.ts";
import { ExplainedCluster } from "./explain-cluster.ts";
import type { Situation } from "./explain-situation.ts";
import { recordDecision } from "./record-decision.ts";
import type { DecisionRecord } from "./recorded-case.ts";

/** A decision, and the cluster in which it was made. */
export interface Decision {
  readonly record: DecisionRecord;
  readonly cycle: Cycle;
  readonly profile: Profile;
}

/**
 * Decides what a profile does with the pod. In a world that is given, which moves to the situation's objects, cycles of
 * decisions before this one are good no more.
 */
export function decide(
  { objects, pod, attempt, start, nominatedTo }: Situation,
  profile: Profile,
  world = new ExplainedCluster(objects),
): Decision {
  world.moveTo(objects);
  const { cluster, nominations } = world;
  const row = world.rowOf(pod);
  if (nominatedTo !== undefined) {
    const node = cluster.nodes.rowOf(nominatedTo);
    if (node === undefined) nominations.clearInStatus(row);
    else nominations.nominateInStatus(row, node);
  }
  const record = recordDecision({
    cluster,
    profile,
    row,
    kind: world.kindOf(row),
    name: pod,
    attempt,
    start,
    nominations,
    podName: world.nameOf,
  });
  return { record, cycle: world.cycleOf(pod), profile };
}
