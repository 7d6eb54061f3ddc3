import { TIE_BREAKS, type TieBreak } from "../scheduler/profile.ts";
import type { Verdict } from "../statistics/judge.ts";
import { compareTrials } from "./compare-trials.ts";
import type { Executor } from "./executor.ts";
import type { ExperimentFrame } from "./experiment-frame.ts";
import type { Comparison, TieSensitivity, TieSensitivityRow } from "./experiment-result.ts";
import type { Plan, PlannedTrial } from "./plan.ts";
import { loadPolicy } from "./policy.ts";
import type { TrialResult } from "./trial-result.ts";

/** A repetition of the experiment under one rule: the trials that differ from the experiment's own, and their places in it. */
interface Repetition {
  readonly rule: TieBreak;
  readonly plan: Plan;
  readonly places: readonly number[];
}

export interface TieRepetitions {
  readonly kept: readonly string[];
  readonly each: readonly Repetition[];
  /** Of all of them. */
  readonly trials: number;
}

/**
 * The repetitions that tell whether verdicts hang on the tie rule: at most three. A policy whose own rule is the one to be
 * tried was run already. A policy that scores nothing ranks by its rule alone, and would be another policy under another.
 */
export async function tieRepetitions(plan: Plan): Promise<TieRepetitions> {
  const profiles = await Promise.all(
    plan.policies.map(({ reference }) => loadPolicy(reference, plan.tieBreak)),
  );
  const keeps = profiles.map(({ plugins }) =>
    plugins.every(({ plugin }) => plugin.score === undefined || plugin.name === "NoPreference"),
  );
  const each = TIE_BREAKS.map((rule): Repetition => {
    const differs = ({ policy }: PlannedTrial) => !keeps[policy] && profiles[policy].tieBreak !== rule;
    const places = plan.trials.flatMap((trial, place) => (differs(trial) ? [place] : []));
    return { rule, places, plan: { ...plan, tieBreak: rule, trials: places.map((i) => plan.trials[i]) } };
  }).filter(({ places }) => places.length > 0);
  return {
    kept: plan.policies.filter((_, i) => keeps[i]).map(({ name }) => name),
    each,
    trials: each.reduce((sum, { places }) => sum + places.length, 0),
  };
}

export interface TieSensitivityOptions {
  readonly frame: ExperimentFrame;
  readonly comparisons: readonly Comparison[];
  /** The experiment's own trials, in the order of its plan. */
  readonly own: readonly TrialResult[];
  readonly execute: Executor;
  readonly signal: AbortSignal | undefined;
  readonly onTrial: () => void;
}

/** Runs the repetitions, and sets their verdicts beside those of the experiment. */
export async function tieSensitivity(
  { kept, each }: TieRepetitions,
  { frame, comparisons, own, execute, signal, onTrial }: TieSensitivityOptions,
): Promise<TieSensitivity> {
  const verdicts = new Map<TieBreak, readonly Comparison[]>();
  let failed = 0;
  for (const { rule, plan, places } of each) {
    const trials = [...own];
    let finished = 0;
    await execute(plan, {
      keepTraces: false,
      signal,
      onTrial(index, { result }) {
        trials[places[index]] = result;
        finished++;
        if (result.state === "failed") failed++;
        onTrial();
      },
    });
    if (finished < places.length) break;
    verdicts.set(rule, judged(trials, frame));
  }
  const rules = [...verdicts.keys()];
  return {
    rules,
    unfinished: each.flatMap(({ rule }) => (verdicts.has(rule) ? [] : [rule])),
    kept,
    failed,
    rows: comparisons
      .filter(({ row }) => row.kind !== "explored")
      .flatMap((own) => rowOf(own, frame, verdicts)),
  };
}

function judged(trials: readonly TrialResult[], frame: ExperimentFrame): Comparison[] {
  return compareTrials({
    trials,
    workloads: frame.workloads,
    policies: frame.policies.map(({ name }) => name),
    baseline: frame.baseline,
    margin: frame.margin,
  });
}

function rowOf(
  own: Comparison,
  { workloads }: ExperimentFrame,
  verdicts: ReadonlyMap<TieBreak, readonly Comparison[]>,
): TieSensitivityRow[] {
  const { workload, policy, measure } = own;
  const primary = workloads.find(({ name }) => name === workload)?.primaryMeasures.includes(measure.name);
  if (primary !== true) return [];
  const verdict = verdictOf(own);
  const under = Object.fromEntries(
    [...verdicts].map(([rule, comparisons]) => [
      rule,
      verdictOf(
        comparisons.find(
          (other) => other.workload === workload && other.policy === policy && other.measure === measure,
        ),
      ),
    ]),
  );
  const changes = Object.values(under).some((other) => other !== verdict);
  return [{ workload, policy, measure: measure.name, verdict, under, changes }];
}

function verdictOf(comparison: Comparison | undefined): Verdict | "not comparable" {
  return comparison?.row.kind === "judged" ? comparison.row.verdict : "not comparable";
}
