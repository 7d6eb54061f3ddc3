/** What a trace is measured by: one number per trace. */
export interface Measure {
  /** The canonical name, in camelCase; the same in every output format. */
  readonly name: string;
  /** For people: a heading of a few words. */
  readonly title: string;
  readonly unit: "pods" | "nodes" | "seconds" | "percent" | "ratio" | "cores" | "attempts" | "evaluations";
  readonly better: "higher" | "lower" | "none";
  /** The formula and its source, in one to three sentences. */
  readonly definition: string;
  /** Whether a workload may declare it primary, so that it gets a verdict. */
  readonly primaryEligible: boolean;
}

/** A measure's course within one run; `at` and `values` have the same length. */
export interface Series {
  readonly name: string;
  readonly title: string;
  readonly unit: "pods" | "percent";
  readonly atUnit: "seconds" | "percent arrived";
  readonly at: Float64Array;
  /** NaN where the run did not come that far. */
  readonly values: Float64Array;
}

/** A measure's value in one trace: null when it does not apply, and whether it is only a lower bound. */
export type Values = Record<string, number | null>;
