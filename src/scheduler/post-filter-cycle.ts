import type { PodObject } from "../kubernetes/pod.ts";
import type { Extender } from "./extender.ts";
import type { FiltersInThought } from "./filters-in-thought.ts";
import type { Nominations } from "./nominations.ts";
import type { Cycle, PostFilterCycle } from "./plugin.ts";
import { absentStatus, type CandidateSet } from "./pre-filter.ts";
import type { LocalNodesByKind } from "./preemption-index/local-nodes-by-kind.ts";
import type { Profile } from "./profile.ts";
import { type Status, unresolvable } from "./status.ts";

/** An attempt that found no feasible node, as far as PostFilter wants to know of it. */
export interface FailedAttempt {
  readonly profile: Profile;
  readonly candidates: CandidateSet;
  readonly thought: FiltersInThought;
  readonly nominations: Nominations | undefined;
  /** The row of the node that was tried first; -1 when there was none. */
  readonly nominated: number;
  readonly podName: (row: number) => string | undefined;
  readonly draw: (n: number) => number;
  /** What extenders said of nodes that plugins let pass, by row. */
  readonly dropped: ReadonlyMap<number, Status>;
  readonly podObject: (row: number) => PodObject;
  /** What is kept from one attempt to the next; nothing is when absent. */
  readonly memory?: LocalNodesByKind | undefined;
}

/** A node that passes all the same, when it is asked about: no attempt that it took part in failed. */
const PASSED: Status = unresolvable();

const NO_EXTENDERS: readonly Extender[] = [];
const NOBODY: readonly number[] = [];

/** What PostFilter plugins look at. Verdicts on nodes are found again when they are asked for: the search keeps none. */
export function postFilterCycle(cycle: Cycle, attempt: FailedAttempt): PostFilterCycle {
  const { profile, candidates, thought, nominations, nominated, podName, draw, dropped, podObject, memory } =
    attempt;
  const { pod, row, nodes, cluster } = cycle;
  const reduced = candidates.nodes && new Set(candidates.nodes);
  let absent: Status | undefined;
  let known: Map<number, Status> | undefined;
  return {
    pod,
    row,
    nodes,
    cluster,
    nominatedNode: nominated,
    ranPreFilter(name) {
      const place = profile.plugins.findIndex(({ plugin }) => plugin.name === name && plugin.preFilter);
      return place !== -1 && place <= candidates.lastAsked;
    },
    verdictOn(node) {
      if (candidates.rejected !== undefined) return candidates.rejected;
      if (reduced !== undefined && !reduced.has(node) && node !== nominated) {
        absent ??= absentStatus(profile, candidates);
        return absent;
      }
      known ??= new Map();
      let status = known.get(node);
      if (status === undefined) {
        status = thought.rejection(node)?.status ?? dropped.get(node) ?? PASSED;
        known.set(node, status);
      }
      return status;
    },
    suppose: (node, think) => thought.suppose(node, think),
    localNodes() {
      const narrowed = candidates.rejected !== undefined || reduced !== undefined || dropped.size > 0;
      return narrowed ? undefined : memory?.of(cycle);
    },
    nominatedBelow: (node, priority) =>
      nominations?.on(node).filter((other) => nominations.kindOf(other).priority < priority) ?? NOBODY,
    draw,
    podName,
    podObject,
    extenders: profile.extenders ?? NO_EXTENDERS,
  };
}
