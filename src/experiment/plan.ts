import type { TieBreak } from "../scheduler/profile.ts";
import { describeAs } from "../workload/as.ts";
import type { Workload } from "../workload/workload.ts";
import type { Algorithm } from "./algorithm.ts";
import { gatesText } from "./configuration-policy.ts";
import type { PolicyReference } from "./policy.ts";

/** A policy in an experiment: its name in results, and how to load it. */
export interface PlannedPolicy {
  readonly name: string;
  readonly reference: PolicyReference;
}

/** One cell of the grid workload x policy x seed. */
export interface PlannedTrial {
  readonly workload: number;
  readonly policy: number;
  readonly seed: number;
}

export interface Plan {
  readonly workloads: readonly Workload[];
  readonly policies: readonly PlannedPolicy[];
  readonly seeds: readonly number[];
  readonly tieBreak: TieBreak | undefined;
  /** `index` when absent. */
  readonly algorithm?: Algorithm | undefined;
  /** Every trial, in the order in which they are started. */
  readonly trials: readonly PlannedTrial[];
}

/** Seed by seed, so that an experiment which is interrupted has finished whole pairs. */
export function planTrials(workloads: number, policies: number, seeds: readonly number[]): PlannedTrial[] {
  const trials: PlannedTrial[] = [];
  for (const seed of seeds) {
    for (let workload = 0; workload < workloads; workload++) {
      for (let policy = 0; policy < policies; policy++) trials.push({ workload, policy, seed });
    }
  }
  return trials;
}

/** The i-th of n parts of the trials, i from 1: every n-th one, so that parts cost about the same. */
export function shardOf<T>(trials: readonly T[], i: number, n: number): T[] {
  return trials.filter((_, index) => index % n === i - 1);
}

/** The command that runs one trial again. */
export function replayCommand(plan: Omit<Plan, "trials">, trial: PlannedTrial): string {
  const workload = plan.workloads[trial.workload];
  const as = describeAs(workload);
  const select = workload.content.kind === "phases" ? ` --select ${quoted(workload.name)}` : "";
  return [
    `stowage run ${quoted(workload.source)}${select}`,
    workload.content.kind === "list" && as !== "" ? ` --as ${quoted(as)}` : "",
    ` ${policyOption(plan.policies[trial.policy])} --seed ${trial.seed}`,
    gatesOption(plan.policies[trial.policy]),
    plan.tieBreak === undefined ? "" : ` --tie-break ${plan.tieBreak}`,
    plan.algorithm === undefined ? "" : ` --algorithm ${plan.algorithm}`,
  ].join("");
}

/** A configuration that is one scheduler with all its profiles is no policy by its name alone. */
function policyOption({ name, reference }: PlannedPolicy): string {
  const together = reference.kind === "configuration" && reference.schedulerName === undefined;
  return `${together ? "--config" : "--policy"} ${quoted(name)}`;
}

function gatesOption({ reference }: PlannedPolicy): string {
  const gates = "gates" in reference ? gatesText(reference.gates) : "";
  return gates === "" ? "" : ` --feature-gates ${gates}`;
}

function quoted(text: string): string {
  return /^[\w./:%+=@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
