/** `small` runs with the tests; `full` is for measuring. */
export type Size = "small" | "full";

/** One thing whose speed matters, in a file of its own. */
export interface Subject {
  readonly name: string;
  /** What is counted: "node", "pod", "event". */
  readonly unit: string;
  prepare(size: Size): Promise<Prepared> | Prepared;
}

/** Ready to be run any number of times; every run does the same work and leaves things as they were. */
export interface Prepared {
  /** Units that one run works through. */
  readonly units: number;
  /** The result of the work, as bytes or text: its digest is printed beside the time, and must not change with it. */
  run(): ArrayBufferView | string;
}
