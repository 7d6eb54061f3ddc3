import type { Size } from "./size.ts";

/** One thing whose speed matters, in a file of its own. */
export interface Subject {
  readonly name: string;
  /** What is counted: "node", "pod", "event". */
  readonly unit: string;
  /** Units a second to be reached in the full size. */
  readonly bar?: number;
  prepare(size: Size): Promise<Prepared> | Prepared;
}

/** Ready to be run any number of times; every run does the same work and leaves things as they were. */
export interface Prepared {
  /** Units that one run works through. */
  readonly units: number;
  /** The result of the work, as bytes or text: its digest is printed beside the time, and must not change with it. */
  run(): ArrayBufferView | string;
}
