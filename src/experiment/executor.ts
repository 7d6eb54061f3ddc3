import type { Plan } from "./plan.ts";
import type { TrialOutput } from "./trial.ts";

/** Called for each trial as it ends, in any order; `index` is its place in the plan. */
export type OnTrial = (index: number, output: TrialOutput) => void | Promise<void>;

export interface ExecuteOptions {
  readonly keepTraces: boolean;
  /** When it aborts, no further trial is started, and those under way are given up. */
  readonly signal: AbortSignal | undefined;
  readonly onTrial: OnTrial;
}

/** Runs all trials of a plan. Which thread runs a trial, and when, changes nothing in its result. */
export type Executor = (plan: Plan, options: ExecuteOptions) => Promise<void>;
