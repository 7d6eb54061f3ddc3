import { workerData } from "piscina";
import type { Profile } from "../scheduler/profile.ts";
import { cyclesBy } from "./algorithm.ts";
import type { Plan, PlannedTrial } from "./plan.ts";
import { replayCommand } from "./plan.ts";
import { runTrial, type TrialOutput } from "./trial.ts";
import { policyFor, policyWithGates } from "./workload-scheduler.ts";

/** What a worker is given once, when it starts. */
export type WorkerPlan = Omit<Plan, "trials"> & { readonly keepTraces: boolean };

const plan = workerData as WorkerPlan;
/** By workload and policy. */
const profiles = new Map<string, Promise<Profile>>();

/** The thin end of a trial in a worker thread: names and data come in, numbers go out. */
export default async function trialInWorker(trial: PlannedTrial): Promise<TrialOutput> {
  const workload = plan.workloads[trial.workload];
  const { reference, name: policy } = plan.policies[trial.policy];
  const key = `${trial.workload} ${trial.policy}`;
  let profile = profiles.get(key);
  if (profile === undefined) {
    profile = policyFor(workload, reference, plan.tieBreak);
    profiles.set(key, profile);
  }
  return runTrial({
    workload,
    profile: await profile,
    policy,
    seed: trial.seed,
    replay: replayCommand(plan, trial),
    keepTrace: plan.keepTraces,
    makeCycle: cyclesBy(plan.algorithm ?? "index", policyWithGates(workload, reference)),
  });
}
