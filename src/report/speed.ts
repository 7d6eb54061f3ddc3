import type { TrialResult } from "../experiment/trial-result.ts";
import { median } from "../statistics/quantile.ts";

/** One row of the speed table: measured time, which differs from run to run and decides nothing. */
export interface SpeedLine {
  readonly workload: string;
  readonly policy: string;
  readonly seed: number;
  readonly attempts: number;
  readonly events: number;
  readonly wallSeconds: number;
  /** Scheduling attempts of the whole trial in a second of measured time, control plane and measures included. */
  readonly attemptsPerSecond: number;
}

export function speedLines(trials: readonly TrialResult[]): SpeedLine[] {
  return trials.flatMap((trial) => {
    if (trial.state !== "completed" || trial.wallSeconds === undefined) return [];
    const { workload, policy, seed, attempts, events, wallSeconds } = trial;
    return [
      { workload, policy, seed, attempts, events, wallSeconds, attemptsPerSecond: attempts / wallSeconds },
    ];
  });
}

/** The speed of one policy on one workload: medians over its trials. */
export interface SpeedLevel {
  readonly workload: string;
  readonly policy: string;
  readonly trials: number;
  readonly wallSeconds: number;
  readonly attemptsPerSecond: number;
}

export function speedLevels(lines: readonly SpeedLine[]): SpeedLevel[] {
  const groups = new Map<string, SpeedLine[]>();
  for (const line of lines) {
    const key = JSON.stringify([line.workload, line.policy]);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return Array.from(groups.values(), (group) => ({
    workload: group[0].workload,
    policy: group[0].policy,
    trials: group.length,
    wallSeconds: median(group.map((line) => line.wallSeconds)),
    attemptsPerSecond: median(group.map((line) => line.attemptsPerSecond)),
  }));
}
