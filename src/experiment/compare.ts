import { type Problem, UserError } from "../base/errors.ts";
import type { FeatureGates } from "../configuration/feature-gates.ts";
import { measureNamed } from "../metrics/measures.ts";
import type { Profile, TieBreak } from "../scheduler/profile.ts";
import type { Workload } from "../workload/workload.ts";
import { type Algorithm, cyclesBy } from "./algorithm.ts";
import { assemble } from "./assemble.ts";
import { executeInline } from "./execute-inline.ts";
import type { Executor } from "./executor.ts";
import { type ExperimentFrame, frameOf } from "./experiment-frame.ts";
import type { ExperimentResult } from "./experiment-result.ts";
import { type Plan, type PlannedPolicy, planTrials, shardOf } from "./plan.ts";
import { policyReference } from "./policy.ts";
import { tieRepetitions, tieSensitivity } from "./tie-sensitivity.ts";
import type { TrialResult } from "./trial-result.ts";

export interface CompareOptions {
  readonly workloads: readonly Workload[];
  /**
   * Shipped names, KubeSchedulerConfiguration files (`file` or `file#profile`), paths of modules, or profiles themselves
   * (which run in this thread only). The first is the baseline unless `baseline` names another.
   */
  readonly policies: readonly (string | Profile)[];
  readonly seeds: readonly number[];
  readonly baseline?: string | undefined;
  /** At most three measures that get verdicts, instead of those that the workload declares. */
  readonly primary?: readonly string[] | undefined;
  /** Share of the baseline's median below which a difference does not matter, such as 0.02. */
  readonly margin?: number | undefined;
  readonly tieBreak?: TieBreak | undefined;
  /** Who decides, with the same results; `index` when absent. */
  readonly algorithm?: Algorithm | undefined;
  /** Gates of the policies that Kubernetes itself could run: configuration files and the shipped profiles made like them. */
  readonly featureGates?: FeatureGates | undefined;
  /** Repeats the experiment under the other tie rules, and says whether a verdict changes. */
  readonly tieSensitivity?: boolean | undefined;
  /** Runs only a part of the trials: the i-th of n, from 1. */
  readonly shard?: { readonly i: number; readonly n: number } | undefined;
  readonly threads?: number;
  /** Inline unless told. */
  readonly execute?: Executor;
  readonly signal?: AbortSignal | undefined;
  /** For provenance: the command as typed. */
  readonly command?: string;
  readonly onProgress?: (finished: number, planned: number) => void;
  /** Given what is known before any trial is run. */
  readonly onFrame?: (frame: ExperimentFrame) => void | Promise<void>;
  /** When present, each trial's encoded trace is kept and given to it. */
  readonly onTrace?: (name: string, trace: Uint8Array) => void | Promise<void>;
}

/**
 * Compares policies on workloads, paired by seed.
 * @throws UserError for an unknown policy, measure or baseline
 */
export async function compare(options: CompareOptions): Promise<ExperimentResult> {
  const startedMs = performance.now();
  if (options.tieSensitivity === true && options.shard !== undefined) {
    const what = "invalid option: a part of the trials has no verdicts to repeat; leave out --shard";
    throw new UserError([{ where: "--tie-sensitivity", what }]);
  }
  const policies = await planPolicies(options.policies, options.featureGates);
  const baseline = baselineOf(options);
  const workloads = options.workloads.map((workload) => ({
    ...workload,
    primaryMeasures:
      options.primary === undefined
        ? primaryOf(workload.primaryMeasures, workload.source)
        : primaryOf(options.primary, "--primary"),
  }));
  const all = planTrials(workloads.length, policies.length, options.seeds);
  const trials = options.shard === undefined ? all : shardOf(all, options.shard.i, options.shard.n);
  const { seeds, tieBreak, algorithm } = options;
  // What the algorithm cannot do is said before anything is run.
  for (const { reference } of policies) cyclesBy(algorithm ?? "index", reference);
  const plan: Plan = { workloads, policies, seeds, tieBreak, algorithm, trials };

  const { margin, threads = 1, command = "" } = options;
  const frame = await frameOf(plan, { baseline, margin, threads, command });
  await options.onFrame?.(frame);

  const repetitions = options.tieSensitivity === true ? await tieRepetitions(plan) : undefined;
  const planned = trials.length + (repetitions?.trials ?? 0);
  const results = Array.from({ length: trials.length }, (): TrialResult | undefined => undefined);
  let finished = 0;
  const advance = () => {
    finished++;
    options.onProgress?.(finished, planned);
  };
  options.onProgress?.(0, planned);
  const execute = options.execute ?? executeInline;
  await execute(plan, {
    keepTraces: options.onTrace !== undefined,
    signal: options.signal,
    async onTrial(index, { result, trace }) {
      results[index] = result;
      if (trace !== undefined) await options.onTrace?.(traceFileName(result), trace);
      advance();
    },
  });

  const interrupted = finished < trials.length ? { finished, planned: trials.length } : undefined;
  const result = assemble(inReportOrder(plan, results), { ...frame, interrupted });
  const ties =
    repetitions === undefined || interrupted !== undefined
      ? undefined
      : await tieSensitivity(repetitions, {
          frame,
          comparisons: result.comparisons,
          own: results.filter((trial) => trial !== undefined),
          execute,
          signal: options.signal,
          onTrial: advance,
        });
  return {
    ...result,
    ...(ties !== undefined && { tieSensitivity: ties }),
    provenance: {
      ...result.provenance,
      finishedAt: new Date().toISOString(),
      wallSeconds: (performance.now() - startedMs) / 1000,
    },
  };
}

async function planPolicies(
  policies: CompareOptions["policies"],
  gates: FeatureGates | undefined,
): Promise<PlannedPolicy[]> {
  const problems: Problem[] = [];
  const planned: PlannedPolicy[] = [];
  for (const policy of policies) {
    const name = nameOf(policy);
    if (planned.some((other) => other.name === name)) {
      problems.push({
        where: "--policies",
        what: `invalid policies: ${JSON.stringify(name)} twice; name each once`,
      });
      continue;
    }
    try {
      planned.push({ name, reference: await policyReference(policy, gates) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems.map(({ where, what }) => ({ where: where || "--policies", what })));
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return planned;
}

function nameOf(policy: string | Profile): string {
  return typeof policy === "string" ? policy : policy.name;
}

function baselineOf({ policies, baseline }: CompareOptions): string {
  const names = policies.map(nameOf);
  const name = baseline ?? names[0];
  if (name === undefined)
    throw new UserError("missing policies; name at least one, such as --policies default");
  if (!names.includes(name)) {
    const what = `unknown baseline: ${JSON.stringify(name)}; one of ${names.join(", ")}`;
    throw new UserError([{ where: "--baseline", what }]);
  }
  return name;
}

/** Primary measures, checked; `where` is said when something is wrong with them. */
function primaryOf(names: readonly string[], where: string): readonly string[] {
  const problems: Problem[] = [];
  for (const name of names) {
    try {
      if (measureNamed(name).primaryEligible) continue;
      const why = "it says how hard a policy worked or what it met, not how well it did";
      problems.push({ where, what: `invalid primary measure: ${name}; ${why}` });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems.map(({ what }) => ({ where, what })));
    }
  }
  if (names.length > 3) {
    const what = `invalid primary measures: ${names.length} of them; name at most three, so that verdicts stay trustworthy`;
    problems.push({ where, what });
  }
  if (problems.length > 0) throw new UserError(problems);
  return names;
}

/** In the order workload, policy, seed, whatever the order of running; trials that were not run are skipped ones. */
function inReportOrder(plan: Plan, results: readonly (TrialResult | undefined)[]): TrialResult[] {
  const places = plan.trials.map((_, index) => index);
  places.sort((a, b) => {
    const [x, y] = [plan.trials[a], plan.trials[b]];
    return (
      x.workload - y.workload ||
      x.policy - y.policy ||
      plan.seeds.indexOf(x.seed) - plan.seeds.indexOf(y.seed)
    );
  });
  return places.map((index) => {
    const { workload, policy, seed } = plan.trials[index];
    const key = { workload: plan.workloads[workload].name, policy: plan.policies[policy].name, seed };
    return results[index] ?? { ...key, state: "skipped" };
  });
}

function traceFileName({ workload, policy, seed }: TrialResult): string {
  return `${workload}--${policy}--${seed}.trace`.replaceAll(/[^\w.+-]/g, "_");
}
