import type { PreemptionRecord, ReferenceRecord } from "../reference/reference-record.ts";
import type { Status } from "../scheduler/status.ts";
import type { DecisionRecord, RecordedPreemption, RecordedStatus } from "./recorded-case.ts";

type Verdicts = Readonly<Record<string, RecordedStatus>>;

/**
 * What the reference decided, in the form of a recorded decision.
 * @param nodeOrder all nodes in visiting order
 */
export function referenceDecision(
  pod: string,
  attempt: number,
  record: ReferenceRecord,
  nodeOrder: readonly string[],
): DecisionRecord {
  const { outcome, node, preEnqueue, preFilter, preFilterNodes, absentNodes, visitStart } = record;
  const perPlugin = verdictsOf(record);
  // A reduced search has no order of its own (upstream walks a map): the recordings sort it, and leave upstream's pick out.
  const reduced = preFilterNodes !== undefined;
  const feasible = reduced ? nodeOrder.filter((name) => record.feasible.includes(name)) : record.feasible;
  const scored = feasible.length > 1;
  const chosen =
    outcome === "error"
      ? {}
      : {
          ...(node !== undefined && { node }),
          ...(feasible.length > 0 && { feasible }),
          ...(record.scoringSkipped && { scoringSkipped: true }),
          ...(scored && { scores: record.scores, totals: record.totals, best: record.best }),
          ...(scored && record.skippedScore.length > 0 && { skippedScore: record.skippedScore }),
          ...(scored && !reduced && record.picks && { upstreamPick: record.picks.upstream }),
          ...(feasible.length > 0 && { evaluated: record.evaluated }),
        };
  return {
    pod,
    attempt,
    outcome,
    ...chosen,
    ...(preEnqueue && { preEnqueue: recorded(preEnqueue) }),
    ...(preFilter && { preFilter: recorded(preFilter) }),
    ...(preFilterNodes && { preFilterNodes: [...preFilterNodes].sort() }),
    ...(Object.keys(record.filter).length > 0 && { filter: record.filter }),
    ...(absentNodes && { absentNodes: recorded(absentNodes) }),
    ...(Object.keys(perPlugin).length > 0 && { filterPerPlugin: perPlugin }),
    ...(record.skippedFilter.length > 0 && { skippedFilter: record.skippedFilter }),
    ...(visitStart !== undefined && { visitStart }),
    ...preemptionOf(record),
    ...(record.message !== undefined && { message: record.message }),
    ...(record.error !== undefined && { error: record.error }),
  };
}

/** What PostFilter did. */
function preemptionOf({ preemption, postFilterMessage }: ReferenceRecord): Partial<DecisionRecord> {
  const nodes = preemption?.nodes ?? {};
  return {
    preemption: preemption?.chosen ? recordedPreemption(preemption.chosen) : null,
    ...(Object.keys(nodes).length > 0 && { preemptionNodes: nodes }),
    ...(postFilterMessage !== undefined && { postFilterMessage }),
  };
}

function recordedPreemption(chosen: NonNullable<PreemptionRecord["chosen"]>): RecordedPreemption {
  const { node, victims, candidates, tied, clearedNominations } = chosen;
  const several = Object.keys(candidates).length > 1;
  return {
    nominatedNode: node,
    victims,
    candidates: Object.fromEntries(
      Object.entries(candidates).map(([name, { victims: theirs, violations }]) => [
        name,
        { victims: theirs, ...(violations > 0 && { pdbViolations: violations }) },
      ]),
    ),
    ...(several && { tied }),
    ...(clearedNominations.length > 0 && { clearedNominations }),
  };
}

/** Rejections only; that of a plugin's PreFilter stands for all nodes. */
function verdictsOf({ filterPerPlugin, preFilterPerPlugin }: ReferenceRecord): Record<string, Verdicts> {
  const verdicts: Record<string, Verdicts> = {};
  for (const [plugin, nodes] of Object.entries(filterPerPlugin)) {
    if (Object.keys(nodes).length > 0) verdicts[plugin] = nodes;
  }
  for (const [plugin, status] of Object.entries(preFilterPerPlugin)) verdicts[plugin] = { "*": status };
  return verdicts;
}

function recorded(status: Status & { readonly plugin?: string }): RecordedStatus {
  return status;
}
