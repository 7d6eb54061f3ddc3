import type { Measure } from "../metrics/measure.ts";
import type { TieBreak } from "../scheduler/profile.ts";
import type { PairedComparison } from "../statistics/compare-paired.ts";
import type { JudgedRow } from "../statistics/compare-table.ts";
import type { Verdict } from "../statistics/judge.ts";
import type { Provenance } from "./provenance.ts";
import type { TrialResult } from "./trial-result.ts";

/** All that a report is made of; plain data. Every output format is written from it. */
export interface ExperimentResult {
  readonly workloads: readonly WorkloadFacts[];
  readonly policies: readonly PolicyFacts[];
  /** The policy that the others are compared with: one of `policies`. */
  readonly baseline: string;
  readonly seeds: readonly number[];
  /** In the order workload, policy, seed. */
  readonly trials: readonly TrialResult[];
  /** For each workload, policy but the baseline, and measure that applies; primary ones first. */
  readonly comparisons: readonly Comparison[];
  /** Set when the experiment was repeated under other tie rules. */
  readonly tieSensitivity?: TieSensitivity | undefined;
  /** Set when the experiment was interrupted: how many of its trials were finished. */
  readonly interrupted: { readonly finished: number; readonly planned: number } | undefined;
  readonly provenance: Provenance;
}

export interface WorkloadFacts {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  /** `fill:130%`, `replay`; empty for a workload that tells its own story. */
  readonly as: string;
  readonly seedMeans: string;
  readonly notModelled: readonly string[];
  readonly notes: readonly string[];
  readonly primaryMeasures: readonly string[];
  readonly nodes: number;
  readonly nodeNames: readonly string[];
  /** The pods, nodes and times are the same for every seed, which then stands for luck inside a policy only. */
  readonly sameForEverySeed: boolean;
  /** Set when every seed gave the same trace under every policy: there is one observation, and no interval. */
  readonly deterministic: boolean;
  /** Sentences that the figures call for, such as that nothing ever waits. */
  readonly findings: readonly string[];
}

export interface PolicyFacts {
  readonly name: string;
  readonly description: string;
  readonly tieBreak: TieBreak;
  readonly percentageOfNodesToScore: number;
  readonly plugins: readonly string[];
}

/** One measure of one policy against the baseline, on one workload. */
export interface Comparison {
  readonly workload: string;
  readonly policy: string;
  readonly measure: Measure;
  /** `judged`: a primary measure, with a verdict. `explored`: an interval and no verdict. */
  readonly row:
    | ({ readonly kind: "judged" } & JudgedRow)
    | ({ readonly kind: "explored" } & PairedComparison)
    | Incomparable;
}

/** Why no interval can honestly be given. */
export interface Incomparable {
  readonly kind: "incomparable";
  /** "censored in 3 of 20 seeds: the true value is at least what is printed". */
  readonly why: string;
  readonly n: number;
  readonly baselineMean: number | undefined;
  readonly policyMean: number | undefined;
}

/** What the verdicts of an experiment become when its ties are broken by other rules. */
export interface TieSensitivity {
  /** The rules by which the whole experiment was repeated; every policy then breaks its ties by that rule. */
  readonly rules: readonly TieBreak[];
  /** Rules that were to be tried when the experiment was interrupted. */
  readonly unfinished: readonly TieBreak[];
  /** Policies that keep their own rule because it is all by which they rank nodes. */
  readonly kept: readonly string[];
  /** Trials of the repetitions that failed. */
  readonly failed: number;
  /** One row for each comparison that gets a verdict. */
  readonly rows: readonly TieSensitivityRow[];
}

export interface TieSensitivityRow {
  readonly workload: string;
  readonly policy: string;
  /** A primary measure, by its name. */
  readonly measure: string;
  /** As the experiment was run. */
  readonly verdict: Verdict | "not comparable";
  /** By rule, for each of `rules`. */
  readonly under: Readonly<Partial<Record<TieBreak, Verdict | "not comparable">>>;
  /** Whether another rule gives another verdict. */
  readonly changes: boolean;
}
