import type { Cycle, PreemptionCandidate } from "../../scheduler/plugin.ts";

/** Added to each priority, so that a sum over more victims is greater whatever their priorities are. */
const PRIORITY_OFFSET = 2 ** 31;

/**
 * The candidates among which only the order of nodes decides: fewest budget violations, then the least important first victim,
 * the smallest sum of priorities, the fewest victims, and the latest start of the victims of highest priority (upstream:
 * pickOneNodeForPreemption in pkg/scheduler/framework/preemption/preemption.go).
 */
export function bestCandidates(
  candidates: readonly PreemptionCandidate[],
  cluster: Pick<Cycle["cluster"], "kindOf" | "startTimeOf">,
): readonly PreemptionCandidate[] {
  const priorityOf = (row: number) => cluster.kindOf(row).priority;
  const criteria: readonly ((candidate: PreemptionCandidate) => number)[] = [
    ({ pdbViolations }) => pdbViolations,
    ({ victims }) => priorityOf(victims[0]),
    ({ victims }) => victims.reduce((sum, row) => sum + priorityOf(row) + PRIORITY_OFFSET, 0),
    ({ victims }) => victims.length,
    ({ victims }) => -earliestStart(victims),
  ];
  const earliestStart = (victims: readonly number[]): number => {
    const highest = Math.max(...victims.map(priorityOf));
    return Math.min(
      ...victims.filter((row) => priorityOf(row) === highest).map((row) => cluster.startTimeOf(row)),
    );
  };
  let left = candidates;
  for (const criterion of criteria) {
    if (left.length <= 1) break;
    const values = left.map(criterion);
    const least = Math.min(...values);
    left = left.filter((_, i) => values[i] === least);
  }
  return left;
}
