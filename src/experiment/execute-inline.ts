import { setImmediate as nextTurn } from "node:timers/promises";
import { cyclesBy } from "./algorithm.ts";
import type { Executor } from "./executor.ts";
import { replayCommand } from "./plan.ts";
import { runTrial } from "./trial.ts";
import { policyFor, policyWithGates } from "./workload-scheduler.ts";

/** One trial after another in this thread. */
export const executeInline: Executor = async (plan, { keepTraces, signal, onTrial }) => {
  const profiles = await Promise.all(
    plan.workloads.map((workload) =>
      Promise.all(plan.policies.map(({ reference }) => policyFor(workload, reference, plan.tieBreak))),
    ),
  );
  for (const [index, trial] of plan.trials.entries()) {
    // Lets a signal through between two trials.
    await nextTurn();
    if (signal?.aborted) return;
    const output = runTrial({
      workload: plan.workloads[trial.workload],
      profile: profiles[trial.workload][trial.policy],
      policy: plan.policies[trial.policy].name,
      seed: trial.seed,
      replay: replayCommand(plan, trial),
      keepTrace: keepTraces,
      makeCycle: cyclesBy(
        plan.algorithm ?? "index",
        policyWithGates(plan.workloads[trial.workload], plan.policies[trial.policy].reference),
      ),
    });
    await onTrial(index, output);
  }
};
