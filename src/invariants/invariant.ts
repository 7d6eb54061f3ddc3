import type { Trace } from "../trace/trace.ts";

/** What must be true of every trace, whatever the policy. */
export interface Invariant {
  readonly name: string;
  /** One sentence. */
  readonly promise: string;
  /** What is wrong, where and when; undefined when the promise is kept. */
  readonly violation: (trace: Trace) => string | undefined;
}

export function seconds(timeUs: number): string {
  return `${(timeUs / 1e6).toFixed(6)} s`;
}
