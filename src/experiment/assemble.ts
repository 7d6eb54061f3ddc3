import { digest } from "../base/digest.ts";
import { compareTrials } from "./compare-trials.ts";
import type { ExperimentFrame } from "./experiment-frame.ts";
import type { ExperimentResult, WorkloadFacts } from "./experiment-result.ts";
import { findings } from "./findings.ts";
import type { CompletedTrial, TrialResult } from "./trial-result.ts";

/** A result from finished trials, wherever they were run. */
export function assemble(
  trials: readonly TrialResult[],
  { margin, ...frame }: ExperimentFrame,
): ExperimentResult {
  const comparisons = compareTrials({
    trials,
    workloads: frame.workloads,
    policies: frame.policies.map(({ name }) => name),
    baseline: frame.baseline,
    margin,
  });
  const digests = trials.map((trial) => (trial.state === "completed" ? trial.digest : trial.state));
  return {
    ...frame,
    workloads: frame.workloads.map((workload) => ({ ...workload, ...observed(workload.name, trials) })),
    provenance: { ...frame.provenance, digest: digest(digests.join("\n")) },
    trials,
    comparisons,
  };
}

/** What can be said of a workload only after its trials. */
function observed(
  workload: string,
  trials: readonly TrialResult[],
): Pick<WorkloadFacts, "deterministic" | "findings"> {
  const completed = trials.filter(
    (trial): trial is CompletedTrial => trial.state === "completed" && trial.workload === workload,
  );
  const byPolicy = new Map<string, CompletedTrial[]>();
  for (const trial of completed) byPolicy.set(trial.policy, [...(byPolicy.get(trial.policy) ?? []), trial]);
  const oneTraceEach = [...byPolicy.values()].every(
    (own) => own.length > 1 && own.every(({ digest: other }) => other === own[0].digest),
  );
  return { deterministic: completed.length > 0 && oneTraceEach, findings: findings(completed) };
}
