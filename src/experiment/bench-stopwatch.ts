import type { Stopwatch } from "../simulation/stopwatch.ts";
import type { Phase } from "../workload/scenario.ts";

/** Decisions in their order, which is the order of binding: `pods[i]` goes to `nodes[i]`, both rows. */
export interface Placements {
  readonly pods: readonly number[];
  readonly nodes: readonly number[];
}

/** Adds up the time of the scheduler's own work while measured phases are under way, and notes every placement of the run. */
export class BenchStopwatch implements Stopwatch {
  readonly #phases: readonly Phase[];
  // Columns, so that noting a placement makes no garbage that a bracket would have to pay for.
  readonly #pods: number[] = [];
  readonly #nodes: number[] = [];
  #measuring = false;
  #startedMs = 0;
  #elapsedMs = 0;
  #brackets = 0;

  constructor(phases: readonly Phase[]) {
    this.#phases = phases;
  }

  phaseBegins(phase: number): void {
    const { measured, timed = false } = this.#phases[phase];
    this.#measuring = measured || timed;
  }

  start(): void {
    this.#startedMs = performance.now();
  }

  stop(): void {
    const stoppedMs = performance.now();
    if (!this.#measuring) return;
    this.#elapsedMs += stoppedMs - this.#startedMs;
    this.#brackets++;
  }

  decided(pod: number, node: number): void {
    if (node === -1) return;
    this.#pods.push(pod);
    this.#nodes.push(node);
  }

  get placements(): Placements {
    return { pods: this.#pods, nodes: this.#nodes };
  }

  /** Measured time without what reading the clock cost, in seconds. */
  seconds(overheadMs: number): number {
    return Math.max(this.#elapsedMs - this.#brackets * overheadMs, 0) / 1000;
  }
}

const CALIBRATION_ROUNDS = 21;
const BRACKETS_PER_ROUND = 5000;

/**
 * What an empty bracket shows, in milliseconds: the least of several rounds, so that never more is taken off than the
 * clock costs.
 */
export function bracketOverheadMs(): number {
  const phase: Phase = { name: "", firstPod: 0, endPod: 0, completeWhen: "created", measured: true };
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < CALIBRATION_ROUNDS; round++) {
    const stopwatch = new BenchStopwatch([phase]);
    stopwatch.phaseBegins(0);
    for (let bracket = 0; bracket < BRACKETS_PER_ROUND; bracket++) {
      stopwatch.start();
      stopwatch.stop();
    }
    least = Math.min(least, (stopwatch.seconds(0) * 1000) / BRACKETS_PER_ROUND);
  }
  return least;
}
