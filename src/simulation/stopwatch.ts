/**
 * Brackets the scheduler's own work; `bench` measures with it. Every attempt has two brackets: from the pop of a pod to its
 * assumption, and, when its simulated time has passed, its return to the queue or removal from it.
 */
export interface Stopwatch {
  /** A phase of the scenario begins. */
  phaseBegins(phase: number): void;
  start(): void;
  stop(): void;
  /** What an attempt decided, told outside of the brackets; node -1: none would do. */
  decided(pod: number, node: number): void;
}
