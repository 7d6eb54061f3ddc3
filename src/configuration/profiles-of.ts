import { deviceShare } from "../plugins/device-share.ts";
import { registry } from "../plugins/registry.ts";
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

/**
 * The profiles of a configuration, in its order, named by scheduler name. Room on devices is checked as well, as in the
 * shipped profiles. Plugins that upstream has and that do nothing here are left out.
 * @throws UserError when a gate is unknown or locked
 @internal */
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

function assemble(
  configuration: Configuration,
  gates: FeatureGates,
  further: readonly ProfilePlugin[],
): Profile[] {
  const isEnabled = gateLookup(gates);
  return configuration.profiles.map((profile) => ({
    name: profile.schedulerName,
    description: `profile ${profile.schedulerName} of a KubeSchedulerConfiguration`,
    plugins: [...pluginsOf(profile, isEnabled), ...further],
    percentageOfNodesToScore: profile.percentageOfNodesToScore ?? configuration.percentageOfNodesToScore,
    tieBreak: "upstream",
  }));
}

/**
 * A profile here is one list, and upstream's points each have their own. An entry holds those members of its plugin that
 * belong to points where it is enabled, and the entries stand in the order of Filter, where alone a different order gives
 * another decision; those without Filter follow. Only when PreFilter runs in another order does a plugin become two
 * entries: one that narrows the search, in the order of PreFilter and before all others, and one for the rest.
 */
function pluginsOf(
  { points, args }: ConfiguredProfile,
  isEnabled: (gate: string) => boolean,
): ProfilePlugin[] {
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
    if (Object.keys(plugin).some((key) => key !== "name" && key !== "eventsToRegister"))
      entries.push(weight === undefined ? { plugin } : { plugin, weight });
  };
  if (split) {
    for (const { name } of narrowing) {
      const preFilter = made.get(name)?.preFilter;
      if (preFilter !== undefined) add({ name, preFilter });
    }
  }
  for (const [name, plugin] of made) {
    const score = at(name, points.score);
    add(
      partOf(plugin, {
        preEnqueue: at(name, points.preEnqueue) !== undefined,
        queueSort: at(name, points.queueSort) !== undefined,
        preFilter: !split && at(name, points.preFilter) !== undefined,
        filter: at(name, points.filter) !== undefined,
        score: score !== undefined,
        preScore: points.score.length > 0 && at(name, points.preScore) !== undefined,
      }),
      score === undefined ? undefined : score.weight || 1,
    );
  }
  return entries;
}

/** Every plugin once: in the order of Filter, before them what looks at the queue, after them what only scores. */
function orderOf({ preEnqueue, queueSort, preFilter, filter, preScore, score }: ConfiguredProfile["points"]) {
  const filters = new Set(filter.map(({ name }) => name));
  const first = [...preEnqueue, ...queueSort, ...preFilter].filter(({ name }) => !filters.has(name));
  return new Set([...first, ...filter, ...score, ...preScore].map(({ name }) => name));
}

/** A plugin at some points only. */
function partOf(
  { preEnqueue, queueSort, preFilter, filter, judge, whatIf, score, normalizeScore, ...rest }: Plugin,
  runs: Readonly<Record<"preEnqueue" | "queueSort" | "preFilter" | "filter" | "score" | "preScore", boolean>>,
): Plugin {
  return {
    ...rest,
    ...(runs.preEnqueue && preEnqueue && { preEnqueue }),
    ...(runs.queueSort && queueSort && { queueSort }),
    ...(runs.preFilter && preFilter && { preFilter }),
    // PreFilter alone may still skip, which is recorded, and rejects nothing here.
    ...(filter && runs.filter && { filter }),
    ...(filter && !runs.filter && runs.preFilter && { filter: (cycle) => filter(cycle) && everyNode }),
    ...(runs.filter && judge && { judge }),
    ...(runs.filter && whatIf && { whatIf }),
    ...(runs.score && score && { score }),
    ...(runs.score && normalizeScore && { normalizeScore }),
    // PreScore may fail the cycle, also of a plugin that does not score.
    ...(!runs.score && runs.preScore && score && { score: (cycle) => score(cycle) && preScoreOnly }),
  };
}
