import { InvariantViolation, LimitReached } from "../base/errors.ts";
import { checkInvariants } from "../invariants/check-invariants.ts";
import { measureTrace } from "../metrics/measure-trace.ts";
import type { Profile } from "../scheduler/profile.ts";
import { type SimulateOptions, simulate } from "../simulation/simulate.ts";
import { encodeTrace } from "../trace/codec.ts";
import type { Trace } from "../trace/trace.ts";
import { traceDigest } from "../trace/trace-digest.ts";
import { describeAs } from "../workload/as.ts";
import { drawScenario } from "../workload/draw-scenario.ts";
import type { Workload } from "../workload/workload.ts";
import type { CompletedTrial, FailedTrial, TrialKey } from "./trial-result.ts";
import { stowageVersion } from "./version.ts";

/** What a finished trial hands back: its result, and its trace when it was asked for. */
export interface TrialOutput {
  readonly result: CompletedTrial | FailedTrial;
  readonly trace: Uint8Array | undefined;
}

export interface TrialInput {
  readonly workload: Workload;
  readonly profile: Profile;
  /** The policy's name in results: as the user wrote it. */
  readonly policy: string;
  readonly seed: number;
  /** The command that replays this trial alone. */
  readonly replay: string;
  readonly keepTrace: boolean;
  readonly makeCycle?: SimulateOptions["makeCycle"];
}

/** Runs one policy on what one seed makes of a workload. A trial that fails is a result, not an exception. */
export function runTrial(input: TrialInput): TrialOutput {
  const { workload, policy, seed } = input;
  const key: TrialKey = { workload: workload.name, policy, seed };
  const startedMs = performance.now();
  try {
    const trace = traceOf(workload, input.profile, policy, seed, {
      ...(input.makeCycle && { makeCycle: input.makeCycle }),
    });
    for (const [name, violation] of Object.entries(checkInvariants(trace))) {
      if (violation !== undefined) throw new InvariantViolation(`${name}: ${violation}`);
    }
    const measured = measureTrace(trace, popularityOf(workload));
    const result: CompletedTrial = {
      ...key,
      state: "completed",
      digest: traceDigest(trace),
      measured,
      simulatedSeconds: trace.facts.endUs / 1e6,
      events: trace.facts.events,
      attempts: trace.facts.attempts,
      wallSeconds: (performance.now() - startedMs) / 1000,
    };
    return { result, trace: input.keepTrace ? encodeTrace(trace) : undefined };
  } catch (error) {
    return { result: failedTrial(key, error, input.replay), trace: undefined };
  }
}

/** The trace of one policy on what one seed makes of a workload. */
export function traceOf(
  workload: Workload,
  profile: Profile,
  policy: string,
  seed: number,
  more: Pick<SimulateOptions, "profiles" | "onAttempt" | "stopwatch" | "makeCycle"> = {},
): Trace {
  return simulate({
    scenario: drawScenario(workload, seed),
    profile: { ...profile, name: policy },
    seed,
    ...(workload.costs && { costs: workload.costs }),
    ...more,
    names: { workload: workload.name, as: describeAs(workload), version: stowageVersion() },
  });
}

/** How many pods of each template a list has before any is repeated or left out; undefined for other workloads. */
export function popularityOf(workload: Workload): Float64Array | undefined {
  if (workload.content.kind !== "list") return undefined;
  const { templates, pods } = workload.content;
  const counts = new Float64Array(templates.length);
  for (const template of pods.template) counts[template]++;
  return counts;
}

export function failedTrial(key: TrialKey, error: unknown, replay: string): FailedTrial {
  const cause =
    error instanceof InvariantViolation
      ? "invariant"
      : error instanceof LimitReached
        ? "limit"
        : ("error" as const);
  const message = error instanceof Error ? error.message : String(error);
  return { ...key, state: "failed", cause, message, replay };
}
