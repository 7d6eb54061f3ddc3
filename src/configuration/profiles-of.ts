import { InvariantViolation } from "../base/errors.ts";
import { deviceShare } from "../plugins/device-share.ts";
import { httpExtender } from "../plugins/extender/http-extender.ts";
import { type ExtensionPoint, extensionPoints, type PluginArgs, registry } from "../plugins/registry.ts";
import type { Extender } from "../scheduler/extender.ts";
import { everyNode, type Plugin, type Score, zeroForEveryNode } from "../scheduler/plugin.ts";
import type { Profile, ProfilePlugin } from "../scheduler/profile.ts";
import type { Configuration, ConfiguredProfile, EnabledPlugin } from "./configuration.ts";
import { type FeatureGates, gateLookup } from "./feature-gates.ts";
import { configurationFromValue } from "./read-configuration.ts";

/**
 * The score of a plugin that runs at PreScore and not at Score: it did not skip the cycle, and takes no part in
 * the totals.
 */
export const preScoreOnly: Score = (feasible, scores) => {
  zeroForEveryNode(feasible, scores);
};

/** Plugins whose Score fails where PreScore did not run, and the words before upstream's; the others do its work themselves. */
const NEEDS_PRE_SCORE: ReadonlyMap<string, string> = new Map([
  ["TaintToleration", "failed to read"],
  ["PodTopologySpread", "error reading"],
  ["InterPodAffinity", "failed to read"],
]);

/** Plugins whose PreScore may skip; Score without it does not. */
const SCORES_ALONE: ReadonlySet<string> = new Set(["NodeAffinity", "NodeResourcesBalancedAllocation"]);

/**
 * The profiles of a configuration, in its order, named by scheduler name. Room on devices is checked as well, as in the
 * shipped profiles. Plugins that upstream has and that do nothing here are left out.
 * @throws UserError when a gate is unknown or locked
 */
export function profilesOf(configuration: Configuration, gates: FeatureGates = {}): Profile[] {
  return assemble(configuration, gates, [{ plugin: deviceShare }]);
}

/**
 * The profiles of a recorded case: its configuration has no apiVersion and kind, and its profiles no other plugins than
 * Kubernetes'.
 * @throws UserError with every problem of the configuration
 */
export function profilesFromCase(
  config: Readonly<Record<string, unknown>>,
  gates: FeatureGates = {},
): Profile[] {
  return assemble(configurationFromValue(config), gates, []);
}

/** Those that are ignorable come last (upstream: buildExtenders in pkg/scheduler/scheduler.go). */
function extendersOf({ extenders }: Configuration): Extender[] {
  return [...extenders].sort((a, b) => Number(a.ignorable) - Number(b.ignorable)).map(httpExtender);
}

/** Resources that extenders see to replace those that NodeResourcesFit was told to ignore. */
function withIgnoredResources(args: PluginArgs, { extenders }: Configuration): PluginArgs {
  const ignored = extenders.flatMap(({ managedResources }) =>
    managedResources.filter(({ ignoredByScheduler }) => ignoredByScheduler).map(({ name }) => name),
  );
  if (ignored.length === 0) return args;
  return { ...args, NodeResourcesFit: { ...args.NodeResourcesFit, ignoredResources: ignored } };
}

function assemble(
  configuration: Configuration,
  gates: FeatureGates,
  further: readonly ProfilePlugin[],
): Profile[] {
  const isEnabled = gateLookup(gates);
  const extenders = extendersOf(configuration);
  return configuration.profiles.map((profile) => ({
    name: profile.schedulerName,
    description: `profile ${profile.schedulerName} of a KubeSchedulerConfiguration`,
    plugins: [
      ...pluginsOf({ ...profile, args: withIgnoredResources(profile.args, configuration) }, isEnabled),
      ...further,
    ],
    order: {
      preFilter: profile.points.preFilter.map(({ name }) => name),
      postFilter: profile.points.postFilter.map(({ name }) => name),
    },
    percentageOfNodesToScore: profile.percentageOfNodesToScore ?? configuration.percentageOfNodesToScore,
    tieBreak: "upstream",
    ...(extenders.length > 0 && { extenders }),
    ...(!isEnabled("OpportunisticBatching") && { batching: false }),
  }));
}

type Scores = NonNullable<Plugin["score"]>;

/** Members that decide nothing by themselves. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(["name", "eventsToRegister", "reads", "sign"]);

/**
 * A profile here is one list, and upstream's points each have their own. An entry holds those members of its plugin that
 * belong to points where it is enabled, and the entries stand in the order of Filter, where alone a different order gives
 * another decision; those without Filter follow. Only when PreFilter runs in another order does a plugin become two
 * entries: one that narrows the search, in the order of PreFilter and before all others, and one for the rest.
 */
function pluginsOf(profile: ConfiguredProfile, isEnabled: (gate: string) => boolean): ProfilePlugin[] {
  const { args } = profile;
  const points = pointsWithGates(profile, isEnabled);
  const at = (name: string, enabled: readonly EnabledPlugin[]): EnabledPlugin | undefined =>
    enabled.find((plugin) => plugin.name === name);
  const made = new Map<string, Plugin>();
  for (const name of orderOf(points)) {
    const plugin = registry.get(name)?.make?.(args, isEnabled);
    if (plugin !== undefined) made.set(name, plugin);
  }
  const narrowing = points.preFilter.filter(({ name }) => made.get(name)?.preFilter !== undefined);
  const narrowingAsFiltering = [...made.keys()].filter((name) => at(name, narrowing) !== undefined);
  const split = narrowing.some(({ name }, i) => name !== narrowingAsFiltering[i]);

  const entries: ProfilePlugin[] = [];
  const add = (plugin: Plugin, weight?: number): void => {
    // A name alone says nothing, and an entry costs a look in every cycle.
    if (Object.keys(plugin).some((key) => !SAYS_NOTHING.has(key)))
      entries.push(weight === undefined ? { plugin } : { plugin, weight });
  };
  const unprepared = points.score.filter(({ name }) => at(name, points.preScore) === undefined);
  const failing = unprepared.find(({ name }) => made.has(name) && NEEDS_PRE_SCORE.has(name));
  // The first of them in the order of Score fails every cycle that scores, before any score is normalised.
  if (failing !== undefined) {
    const earlier = unprepared.slice(0, unprepared.indexOf(failing)).flatMap(({ name }) => {
      const { score } = made.get(name) ?? {};
      return score && SCORES_ALONE.has(name) ? [scoringAlone(name, score)] : [];
    });
    add({ name: failing.name, score: failingToScore(failing.name, earlier) });
  }
  if (split) {
    for (const { name } of narrowing) {
      const { preFilter, sign } = made.get(name) ?? {};
      if (preFilter !== undefined) add({ name, preFilter, ...(sign && { sign }) });
    }
  }
  for (const [name, plugin] of made) {
    const score = failing && NEEDS_PRE_SCORE.has(name) ? undefined : at(name, points.score);
    add(
      partOf(plugin, {
        preEnqueue: at(name, points.preEnqueue) !== undefined,
        queueSort: at(name, points.queueSort) !== undefined,
        preFilter: at(name, points.preFilter) !== undefined,
        narrows: !split && at(name, points.preFilter) !== undefined,
        filter: at(name, points.filter) !== undefined,
        postFilter: at(name, points.postFilter) !== undefined,
        reserve: at(name, points.reserve) !== undefined,
        permit: at(name, points.permit) !== undefined,
        preBind: at(name, points.preBind) !== undefined,
        score: score !== undefined,
        preScore: points.score.length > 0 && at(name, points.preScore) !== undefined,
        scoresAlone: SCORES_ALONE.has(name) && at(name, unprepared) !== undefined,
      }),
      score === undefined ? undefined : score.weight || 1,
    );
  }
  return entries;
}

/** The points of a profile, with the defaults of the gates that are on after the others. */
function pointsWithGates(
  { points, gated }: ConfiguredProfile,
  isEnabled: (gate: string) => boolean,
): ConfiguredProfile["points"] {
  const all = { ...points };
  for (const point of extensionPoints) {
    const joining = (gated[point] ?? []).filter(({ gate }) => isEnabled(gate));
    if (joining.length > 0) all[point] = [...points[point], ...joining];
  }
  return all;
}

/** Every plugin once: in the order of Filter, before them what looks at the queue, after them what only scores. */
function orderOf({
  preEnqueue,
  queueSort,
  preFilter,
  filter,
  preScore,
  score,
  permit,
  postFilter,
}: ConfiguredProfile["points"]) {
  const filters = new Set(filter.map(({ name }) => name));
  const first = [...preEnqueue, ...queueSort, ...preFilter].filter(({ name }) => !filters.has(name));
  return new Set(
    [...first, ...filter, ...score, ...preScore, ...permit, ...postFilter].map(({ name }) => name),
  );
}

/**
 * What it says of the first node ends the cycle.
 * @param earlier plugins that are asked before it, and may fail there as well
 */
function failingToScore(name: string, earlier: readonly Scores[]): Scores {
  const words = `${NEEDS_PRE_SCORE.get(name)} "PreScore${name}" from cycleState: not found`;
  return (cycle) => {
    const asked = earlier.map((score) => score(cycle));
    return (feasible, scores) => {
      for (const scoring of asked) if (typeof scoring === "function") scoring(feasible, scores);
      throw new InvariantViolation(`running Score plugins: plugin "${name}" failed with: ${words}`);
    };
  };
}

/**
 * The points of a plugin that a configuration turns on and off; `narrows` is what PreFilter says, without its Skip, and
 * `scoresAlone` that Score does the work of PreScore, which did not run and cannot skip.
 */
type Point = Extract<ExtensionPoint, keyof Plugin> | "preScore" | "narrows" | "scoresAlone";

/** A plugin at some points only. */
function partOf(
  {
    preEnqueue,
    queueSort,
    preFilter,
    filter,
    judge,
    whatIf,
    postFilter,
    score,
    normalizeScore,
    reserve,
    permit,
    placementFeasible,
    preBind,
    ...rest
  }: Plugin,
  runs: Readonly<Record<Point, boolean>>,
): Plugin {
  return {
    ...rest,
    ...(runs.preEnqueue && preEnqueue && { preEnqueue }),
    ...(runs.queueSort && queueSort && { queueSort }),
    ...(runs.narrows && preFilter && { preFilter }),
    // PreFilter alone may still skip, which is recorded, and rejects nothing here.
    ...(filter && runs.filter && { filter }),
    ...(filter && !runs.filter && runs.preFilter && { filter: (cycle) => filter(cycle) && everyNode }),
    ...(runs.filter && judge && { judge }),
    ...(runs.filter && whatIf && { whatIf }),
    ...(runs.postFilter && postFilter && { postFilter }),
    ...(runs.reserve && reserve && { reserve }),
    // Upstream takes those that judge placements of groups from the list of Permit.
    ...(runs.permit && permit && { permit }),
    ...(runs.permit && placementFeasible && { placementFeasible }),
    ...(runs.preBind && preBind && { preBind }),
    ...(runs.score && score && { score: runs.scoresAlone ? scoringAlone(rest.name, score) : score }),
    ...(runs.score && normalizeScore && { normalizeScore }),
    // PreScore may fail the cycle, also of a plugin that does not score.
    ...(!runs.score && runs.preScore && score && { score: (cycle) => score(cycle) && preScoreOnly }),
  };
}

/** Score without PreScore: nothing is skipped, and what would have failed there fails here. */
function scoringAlone(name: string, score: Scores): Scores {
  const before = `running PreScore plugin "${name}": `;
  return (cycle) => {
    try {
      return score(cycle) ?? zeroForEveryNode;
    } catch (error) {
      if (!(error instanceof InvariantViolation)) throw error;
      const words = error.message.startsWith(before) ? error.message.slice(before.length) : error.message;
      return () => {
        throw new InvariantViolation(`running Score plugins: plugin "${name}" failed with: ${words}`);
      };
    }
  };
}
