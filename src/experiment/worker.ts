import { workerData } from "piscina";
import type { Profile } from "../scheduler/profile.ts";
import type { Plan, PlannedTrial } from "./plan.ts";
import { replayCommand } from "./plan.ts";
import { loadPolicy } from "./policy.ts";
import { runTrial, type TrialOutput } from "./trial.ts";

/** What a worker is given once, when it starts. */
export type WorkerPlan = Omit<Plan, "trials"> & { readonly keepTraces: boolean };

const plan = workerData as WorkerPlan;
const profiles = new Map<number, Promise<Profile>>();

/** The thin end of a trial in a worker thread: names and data come in, numbers go out. */
export default async function trialInWorker(trial: PlannedTrial): Promise<TrialOutput> {
  let profile = profiles.get(trial.policy);
  if (profile === undefined) {
    profile = loadPolicy(plan.policies[trial.policy].reference, plan.tieBreak);
    profiles.set(trial.policy, profile);
  }
  return runTrial({
    workload: plan.workloads[trial.workload],
    profile: await profile,
    policy: plan.policies[trial.policy].name,
    seed: trial.seed,
    replay: replayCommand(plan, trial),
    keepTrace: plan.keepTraces,
  });
}
