import { InvariantViolation } from "../../base/errors.ts";
import type {
  NodeInThought,
  PostFilterCycle,
  PreemptionCandidate,
  Rejection,
} from "../../scheduler/plugin.ts";
import { unresolvable } from "../../scheduler/status.ts";
import { violatingPods } from "./budgets.ts";
import { byImportance } from "./importance.ts";

/** What the dry run on a node came to: a candidate, or why it is none. */
export type DryRun = PreemptionCandidate | Rejection;

const NO_VICTIMS: Rejection = {
  status: unresolvable("No preemption victims found for incoming pod"),
  plugin: undefined,
};

/**
 * Who would have to leave a node for the pod: all less important pods go, and come back one by one, the most important first and
 * those before whom a budget stands before the others, as long as the pod still fits (upstream: SelectVictimsOnNode in
 * plugins/defaultpreemption/default_preemption.go).
 * @param suppose who thinks about the node; the cycle when absent
 * @throws Error with upstream's text when nobody needs to leave
 */
export function selectVictims(
  cycle: PostFilterCycle,
  node: number,
  suppose: PostFilterCycle["suppose"] = cycle.suppose,
): DryRun {
  const { cluster, pod } = cycle;
  const potential = cluster.podsOn(node).filter((row) => cluster.kindOf(row).priority < pod.priority);
  if (potential.length === 0) return NO_VICTIMS;
  return suppose(node, (thought) => {
    for (const row of potential) thought.removePod(row);
    return thought.verdict() ?? reprieve(cycle, node, potential, thought);
  });
}

function reprieve(
  cycle: PostFilterCycle,
  node: number,
  potential: readonly number[],
  thought: NodeInThought,
): PreemptionCandidate {
  const importance = byImportance(cycle.cluster);
  const sorted = [...potential].sort(importance);
  const violating = violatingPods(cycle, sorted);
  const stays = (row: number): boolean => {
    thought.addPod(row);
    if (fits(thought)) return true;
    thought.removePod(row);
    return false;
  };
  const guarded = violating.size === 0 ? [] : sorted.filter((row) => violating.has(row));
  const free = violating.size === 0 ? sorted : sorted.filter((row) => !violating.has(row));
  const guardedVictims = guarded.filter((row) => !stays(row));
  const freeVictims = free.filter((row) => !stays(row));
  const victims = [...guardedVictims, ...freeVictims];
  if (guarded.length > 0 && free.length > 0) victims.sort(importance);
  if (victims.length === 0) {
    throw new NoVictimNeeded(`expected at least one victim pod on node "${cycle.nodes.name(node)}"`);
  }
  return { node, victims, pdbViolations: guardedVictims.length };
}

/** An error of a filter is no reason to give up here: the pod does not fit beside the one that came back. */
function fits(thought: NodeInThought): boolean {
  try {
    return thought.verdict() === undefined;
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
    return false;
  }
}

/** Everybody may stay, and yet the pod did not fit: the filters contradict one another. */
export class NoVictimNeeded extends Error {
  override readonly name = "NoVictimNeeded";
}
