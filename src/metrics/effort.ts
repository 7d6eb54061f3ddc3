import type { Trace } from "../trace/trace.ts";
import { hasArrived } from "./arrived.ts";
import type { Measure, Values } from "./measure.ts";

/** What the decisions cost, counted and not timed, so that it is equal on every machine. */
export const effortMeasures: readonly Measure[] = [
  {
    name: "attempts",
    title: "Scheduling attempts",
    unit: "attempts",
    better: "lower",
    definition:
      "Scheduling cycles run, whatever their result (the sum of kube-scheduler's scheduler_schedule_attempts_total).",
    primaryEligible: true,
  },
  {
    name: "attemptsPerPod",
    title: "Attempts per pod",
    unit: "ratio",
    better: "lower",
    definition: "attempts / podsCreated.",
    primaryEligible: true,
  },
  {
    name: "nodesEvaluated",
    title: "Nodes evaluated",
    unit: "evaluations",
    better: "lower",
    definition: "Nodes that the filters looked at, summed over all attempts.",
    primaryEligible: true,
  },
  {
    name: "nodesEvaluatedPerAttempt",
    title: "Nodes evaluated per attempt",
    unit: "ratio",
    better: "lower",
    definition: "nodesEvaluated / attempts.",
    primaryEligible: true,
  },
  {
    name: "tiedDecisions",
    title: "Tied decisions",
    unit: "percent",
    better: "none",
    definition:
      "Share of the decisions for a node in which several nodes had the best total score, so that the tie rule decided.",
    primaryEligible: false,
  },
];

export function measureEffort({ facts, pods }: Trace): Values {
  let created = 0;
  let decided = 0;
  for (let pod = 0; pod < pods.count; pod++) {
    if (!hasArrived(pods, pod)) continue;
    created++;
    if (!Number.isNaN(pods.scheduledUs[pod])) decided++;
  }
  return {
    attempts: facts.attempts,
    attemptsPerPod: ratio(facts.attempts, created),
    nodesEvaluated: facts.nodesEvaluated,
    nodesEvaluatedPerAttempt: ratio(facts.nodesEvaluated, facts.attempts),
    tiedDecisions: ratio(100 * facts.tiedDecisions, decided),
  };
}

function ratio(amount: number, of: number): number | null {
  return of === 0 ? null : amount / of;
}
