import type { FeatureGates } from "../configuration/feature-gates.ts";
import type { Profile, TieBreak } from "../scheduler/profile.ts";
import type { Workload } from "../workload/workload.ts";
import type { TogetherOption } from "./configuration-policy.ts";
import {
  type LoadedScheduler,
  loadPolicy,
  loadScheduler,
  type PolicyReference,
  policyReference,
} from "./policy.ts";

interface WorkloadSchedulerOptions extends TogetherOption {
  /** As `policyReference` takes it; when absent the configuration that the workload names, or `default`. */
  readonly policy?: string | Profile | undefined;
  readonly featureGates?: FeatureGates | undefined;
  readonly tieBreak?: TieBreak | undefined;
}

/** What schedules the pods of a workload, and how to load it again. */
export interface ChosenScheduler extends LoadedScheduler {
  /** The policy's name in results. */
  readonly policy: string;
  readonly reference: PolicyReference;
}

/**
 * The scheduler that is asked for, or the workload's own. The workload's feature gates count where the user sets none; of its
 * own configuration all profiles are one scheduler.
 * @throws UserError as `policyReference` and `loadScheduler` do
 */
export async function workloadScheduler(
  workload: Workload,
  { policy: named, featureGates, tieBreak, together }: WorkloadSchedulerOptions,
): Promise<ChosenScheduler> {
  const asked = named ?? ownPolicy(workload);
  const gates = { ...workload.scheduler?.featureGates, ...featureGates };
  const reference = await policyReference(asked, gates, { together: together ?? named === undefined });
  const policy = typeof asked === "string" ? asked : asked.name;
  return { policy, reference, ...(await loadScheduler(reference, tieBreak)) };
}

/** A planned policy for the pods of one workload: the workload's feature gates count where the user sets none. */
export function policyFor(
  workload: Workload,
  reference: PolicyReference,
  tieBreak: TieBreak | undefined,
): Promise<Profile> {
  return loadPolicy(policyWithGates(workload, reference), tieBreak);
}

/** The same, as it is before it is loaded. */
export function policyWithGates({ scheduler }: Workload, reference: PolicyReference): PolicyReference {
  if (!("gates" in reference)) return reference;
  return { ...reference, gates: { ...scheduler?.featureGates, ...reference.gates } };
}

/** The policy with which a workload is meant to be run. */
export function ownPolicy({ scheduler }: Workload): string {
  return scheduler?.configurationPath ?? "default";
}
