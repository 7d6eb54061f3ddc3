import type { NodeColumns } from "../cluster/node-columns.ts";
import type { FiltersInThought } from "../scheduler/filters-in-thought.ts";
import type { Cycle, Preemption, PreemptionCandidate } from "../scheduler/plugin.ts";
import { runPostFilter } from "../scheduler/post-filter.ts";
import { postFilterCycle } from "../scheduler/post-filter-cycle.ts";
import type { CandidateSet } from "../scheduler/pre-filter.ts";
import { type AttemptToRecord, nominatedNode } from "./attempt-to-record.ts";
import type { DecisionRecord, RecordedCandidate, RecordedPreemption } from "./recorded-case.ts";
import { recordedStatus } from "./recorded-status.ts";

type Draft = { -readonly [K in keyof DecisionRecord]: DecisionRecord[K] };

/** Notes what PostFilter would do for a pod that no node takes, and adds its words to the message. */
export function recordPostFilter(
  attempt: AttemptToRecord,
  cycle: Cycle,
  candidates: CandidateSet,
  thought: FiltersInThought,
  record: Draft,
): void {
  const { profile, nominations, preemptionOffset, podName = String } = attempt;
  const { nodes } = cycle;
  const outcome = runPostFilter(
    profile,
    postFilterCycle(cycle, {
      profile,
      candidates,
      thought,
      nominations,
      nominated: nominatedNode(attempt) ?? -1,
      podName: (row) => podName(row).split("/").at(-1),
      draw: preemptionOffset ?? (() => 0),
      dropped: new Map(),
      podObject: (row) => cycle.cluster.kindOf(row).object,
    }),
  );
  if (outcome === undefined) return;
  record.preemption = recordedPreemption(outcome.preemption, nodes, podName);
  const unhelpful = [...outcome.unhelpful()];
  if (unhelpful.length > 0) {
    record.preemptionNodes = Object.fromEntries(
      unhelpful.map(([node, { status, plugin }]) => [nodes.name(node), recordedStatus(status, plugin)]),
    );
  }
  const message = outcome.message();
  if (message === "") return;
  record.postFilterMessage = message;
  record.message = `${record.message} ${message}`;
}

/** A preemption by names, as the recordings have it. */
export function recordedPreemption(
  preemption: Preemption | undefined,
  nodes: NodeColumns,
  podName: (row: number) => string,
): RecordedPreemption | null {
  if (preemption === undefined) return null;
  const { node, victims, candidates, tied, clearedNominations } = preemption;
  const names = (rows: readonly number[]) => rows.map(podName);
  const candidate = ({ victims, pdbViolations }: PreemptionCandidate): RecordedCandidate => ({
    victims: names(victims),
    ...(pdbViolations > 0 && { pdbViolations }),
  });
  return {
    nominatedNode: nodes.name(node),
    victims: names(victims),
    candidates: Object.fromEntries(candidates.map((each) => [nodes.name(each.node), candidate(each)])),
    ...(candidates.length > 1 && { tied: tied.map((row) => nodes.name(row)) }),
    ...(clearedNominations.length > 0 && { clearedNominations: names(clearedNominations).sort() }),
  };
}
