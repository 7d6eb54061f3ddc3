import type { Profile } from "../scheduler/profile.ts";
import type { SchedulingCycleOptions } from "../scheduler/scheduling-cycle.ts";
import { CaseCluster } from "./case-cluster.ts";
import { compareRecords, type Difference } from "./compare-records.ts";
import { disagreements, FastDecisions } from "./fast-decision.ts";
import { recordDecision } from "./record-decision.ts";
import type { DecisionRecord, RecordedCase } from "./recorded-case.ts";
import { reserveRecorded } from "./reserve-recorded.ts";

/** One attempt, replayed. */
export interface ReplayedAttempt {
  readonly pod: string;
  readonly attempt: number;
  /** Our own record. */
  readonly record: DecisionRecord;
  readonly differences: readonly Difference[];
}

/**
 * Replays a case with the fast scheduling cycle and compares every attempt with the recording. The cluster moves on as
 * recorded, whatever was decided here, so that one difference is not the cause of the next.
 */
export function* replayCase(
  recorded: RecordedCase,
  profile: Profile,
  algorithm?: SchedulingCycleOptions["algorithm"],
): Generator<ReplayedAttempt> {
  const state = new CaseCluster(recorded);
  const { cluster } = state;
  const { nominations } = state;
  const fast = new FastDecisions(state, profile, recorded.batching, algorithm);
  for (const expected of recorded.expected) {
    const row = state.row(expected.pod);
    const kind = state.kind(row);
    const { pod: name, attempt } = expected;
    const { perPlugin } = recorded;
    const record = recordDecision({
      cluster,
      profile,
      row,
      kind,
      name,
      attempt,
      perPlugin,
      nominations,
      podName: state.name,
      start: fast.nextStart,
      hint: () => fast.hintFor(row, kind),
    });
    const differences = compareRecords(expected, record, { perPlugin, batching: recorded.batching });
    // A gated pod never gets to the scheduling cycle.
    if (record.outcome !== "gated")
      differences.push(...disagreements(record, fast.decide(row, kind, attempt)));
    yield { pod: name, attempt, record, differences };
    reserveRecorded(state, profile, expected);
    state.follow(expected);
  }
}
