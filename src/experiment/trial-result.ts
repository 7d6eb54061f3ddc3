import type { MeasuredTrace } from "../metrics/measure-trace.ts";

/** A trial is one policy on one workload under one seed: the unit of parallel work. */
export interface TrialKey {
  readonly workload: string;
  readonly policy: string;
  readonly seed: number;
}

export interface CompletedTrial extends TrialKey {
  readonly state: "completed";
  /** Digest of the trace: equal for any number of threads, and from run to run. */
  readonly digest: string;
  readonly measured: MeasuredTrace;
  readonly simulatedSeconds: number;
  readonly events: number;
  readonly attempts: number;
  /**
   * Measured time of the whole trial, in seconds. It decides nothing and stands in no reproducible file. Undefined for a trial
   * whose trace alone was saved.
   */
  readonly wallSeconds: number | undefined;
}

export interface FailedTrial extends TrialKey {
  readonly state: "failed";
  readonly cause: "invariant" | "limit" | "error" | "worker lost";
  readonly message: string;
  /** The command that replays this trial alone. */
  readonly replay: string;
}

/** A trial that was not run: the experiment was interrupted first. */
export interface SkippedTrial extends TrialKey {
  readonly state: "skipped";
}

export type TrialResult = CompletedTrial | FailedTrial | SkippedTrial;
