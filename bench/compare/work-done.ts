import type { PlayedPhase } from "./play-script.ts";

/** What the measured phases of one run came to. */
export interface WorkDone {
  readonly seconds: number;
  readonly attempts: number;
  readonly scheduled: number;
  readonly unschedulable: number;
  readonly preempted: number;
}

export function measuredWork(phases: readonly PlayedPhase[]): WorkDone {
  const sum = (of: (phase: PlayedPhase) => number): number =>
    phases.reduce((total, phase) => (phase.measured ? total + of(phase) : total), 0);
  return {
    seconds: sum(({ seconds }) => seconds),
    attempts: sum(({ attempts }) => attempts),
    scheduled: sum(({ scheduled }) => scheduled),
    unschedulable: sum(({ unschedulable }) => unschedulable),
    preempted: sum(({ preempted }) => preempted),
  };
}

/** Pods scheduled in a second; attempts where a run was cut short before any pod was scheduled. */
export function podsPerSecond({ scheduled, attempts, seconds }: WorkDone): number {
  return (scheduled > 0 ? scheduled : attempts) / seconds;
}
