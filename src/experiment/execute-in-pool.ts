import { setMaxListeners } from "node:events";
import { Piscina } from "piscina";
import { UserError } from "../base/errors.ts";
import type { Executor } from "./executor.ts";
import { replayCommand } from "./plan.ts";
import { failedTrial, type TrialOutput } from "./trial.ts";
import type { WorkerPlan } from "./worker.ts";

export interface PoolOptions {
  readonly threads: number;
  /** The built worker; tests that run from source name another one. */
  readonly workerUrl?: URL;
}

/** Trials on worker threads. A worker that dies takes its trial with it, as a failed result; the others go on. */
export function executeInPool({ threads, workerUrl }: PoolOptions): Executor {
  return async (plan, { keepTraces, signal, onTrial }) => {
    const local = plan.policies.find(({ reference }) => reference.kind === "profile");
    if (local !== undefined) {
      throw new UserError(
        `invalid policy: ${local.name} is an object, which cannot cross threads; name a module, or run inline`,
      );
    }
    // Every trial under way or waiting listens to it.
    if (signal !== undefined) setMaxListeners(0, signal);
    const workerData: WorkerPlan = {
      workloads: plan.workloads,
      policies: plan.policies,
      seeds: plan.seeds,
      tieBreak: plan.tieBreak,
      algorithm: plan.algorithm,
      keepTraces,
    };
    const pool = new Piscina({
      filename: (workerUrl ?? new URL("./worker.js", import.meta.url)).href,
      minThreads: Math.min(threads, Math.max(plan.trials.length, 1)),
      maxThreads: threads,
      workerData,
      atomics: "disabled",
      recordTiming: false,
    });
    try {
      await Promise.all(
        plan.trials.map(async (trial, index) => {
          const key = {
            workload: plan.workloads[trial.workload].name,
            policy: plan.policies[trial.policy].name,
            seed: trial.seed,
          };
          let output: TrialOutput;
          try {
            output = (await pool.run(trial, signal === undefined ? {} : { signal })) as TrialOutput;
          } catch (error) {
            if (signal?.aborted) return;
            const failed = failedTrial(key, error, replayCommand(plan, trial));
            output = { result: { ...failed, cause: "worker lost" }, trace: undefined };
          }
          await onTrial(index, output);
        }),
      );
    } finally {
      await pool.destroy();
    }
  };
}
