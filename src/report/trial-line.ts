import type { TrialResult } from "../experiment/trial-result.ts";

/** One row of the trials table, flat. Absent facts are null. */
export interface TrialLine {
  readonly workload: string;
  readonly policy: string;
  readonly seed: number;
  readonly status: TrialResult["state"];
  readonly digest: string | null;
  /** Why it failed, what was said, and the command that replays it. */
  readonly cause: string | null;
  readonly message: string | null;
  readonly replay: string | null;
  readonly simulatedSeconds: number | null;
  readonly events: number | null;
  /** Names of the measures whose value is only a lower bound. */
  readonly atLeast: readonly string[];
  /** Empty unless completed; null where a measure does not apply. */
  readonly values: Readonly<Record<string, number | null>>;
}

export function trialLine(trial: TrialResult): TrialLine {
  const { workload, policy, seed, state: status } = trial;
  const key = { workload, policy, seed, status };
  const failed = trial.state === "failed" ? trial : undefined;
  const completed = trial.state === "completed" ? trial : undefined;
  return {
    ...key,
    digest: completed?.digest ?? null,
    cause: failed?.cause ?? null,
    message: failed?.message ?? null,
    replay: failed?.replay ?? null,
    simulatedSeconds: completed?.simulatedSeconds ?? null,
    events: completed?.events ?? null,
    atLeast: completed?.measured.atLeast ?? [],
    values: completed?.measured.values ?? {},
  };
}
