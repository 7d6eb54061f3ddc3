import { unknown } from "../base/nearest.ts";
import { type ExtensionPoint, extensionPoints, type PluginArgs, registry } from "../plugins/registry.ts";
import { completePluginArgs } from "./complete-plugin-args.ts";
import type { ConfiguredProfile, EnabledPlugin, GatedPlugin } from "./configuration.ts";
import type { Path } from "./configuration-source.ts";
import type { DecodedPluginSet, DecodedProfile } from "./decode-configuration.ts";
import { API_VERSION } from "./decode-plugin-args.ts";
import { expandPlugins } from "./expand-plugins.ts";
import { mergePlugins, noPlugins, type PluginSet } from "./merge-plugins.ts";
import type { ProblemReport } from "./problem-report.ts";

/** Plugins of former versions, whose work NodeVolumeLimits does. */
const REMOVED = ["AzureDiskLimits", "CinderLimits", "EBSLimits", "GCEPDLimits"];

/** The totals of a cycle are 32-bit numbers, and every score is at most 100. */
const GREATEST_SUM_OF_WEIGHTS = Math.floor((2 ** 31 - 1) / 100);

const DEFAULTS: PluginSet = {
  enabled: [...registry]
    .filter(([, { gate }]) => gate === undefined)
    .map(([name, { weight }]) => ({ name, ...(weight !== undefined && { weight }) })),
  disabled: [],
};

/** A profile merged with the defaults, expanded to its points, and checked as upstream checks it when it starts. */
export function completeProfile(
  profile: DecodedProfile,
  schedulerName: string,
  path: Path,
  report: ProblemReport,
): ConfiguredProfile {
  const { percentageOfNodesToScore, plugins = {} } = profile;
  if (percentageOfNodesToScore !== undefined) {
    const at = [...path, "percentageOfNodesToScore"];
    report.range(at, percentageOfNodesToScore, 0, 100, "not in valid range [0-100]");
  }
  const setAt = (point: ExtensionPoint | "multiPoint"): PluginSet =>
    pluginSetOf(plugins[point] ?? {}, [...path, "plugins", point], report);
  const everywhere = setAt("multiPoint");
  const multiPoint = mergePlugins(DEFAULTS, everywhere).enabled;
  const points = Object.fromEntries(
    extensionPoints.map((point) => [
      point,
      expandPlugins(point, mergePlugins(noPlugins, setAt(point)), multiPoint, report),
    ]),
  ) as Record<ExtensionPoint, EnabledPlugin[]>;
  checkPoints(points, schedulerName, path, report);
  const gated = gatedPoints(everywhere, (point) => plugins[point] ?? {});
  return { schedulerName, percentageOfNodesToScore, points, gated, args: argsOf(profile, path, report) };
}

/** The defaults of gates at each of their points, but for those that the configuration enables itself or disables. */
function gatedPoints(
  everywhere: PluginSet,
  setAt: (point: ExtensionPoint) => DecodedPluginSet,
): ConfiguredProfile["gated"] {
  const gated: Partial<Record<ExtensionPoint, GatedPlugin[]>> = {};
  const isNamed = (set: readonly { readonly name?: string }[] | undefined, name: string): boolean =>
    (set ?? []).some((one) => one.name === name || one.name === "*");
  for (const [name, { points, gate, weight }] of registry) {
    if (gate === undefined || everywhere.enabled.some((plugin) => plugin.name === name)) continue;
    if (everywhere.disabled.includes(name) || everywhere.disabled.includes("*")) continue;
    for (const point of points) {
      const { enabled, disabled } = setAt(point);
      if (isNamed(enabled, name) || isNamed(disabled, name)) continue;
      gated[point] = [...(gated[point] ?? []), { name, gate, ...(weight !== undefined && { weight }) }];
    }
  }
  return gated;
}

function pluginSetOf(set: DecodedPluginSet, path: Path, report: ProblemReport): PluginSet {
  const enabled = (set.enabled ?? []).map(({ name = "", weight }, i): EnabledPlugin => {
    const at = [...path, "enabled", i];
    if (REMOVED.includes(name)) {
      const rule = `was invalid in version "${API_VERSION}" (KubeSchedulerConfiguration is version "${API_VERSION}")`;
      report.invalid([...at, "name"], name, rule, "write NodeVolumeLimits");
    } else if (!registry.has(name)) {
      report.add([...at, "name"], unknown("plugin", name, registry.keys()));
    }
    if (weight !== undefined && weight < 0) {
      report.invalid([...at, "weight"], weight, "it must not be negative", "write a whole number from 1");
    }
    return { name, ...(weight !== undefined && { weight }), path: at };
  });
  return { enabled, disabled: (set.disabled ?? []).map(({ name = "" }) => name) };
}

function checkPoints(
  points: ConfiguredProfile["points"],
  schedulerName: string,
  path: Path,
  report: ProblemReport,
): void {
  const { queueSort, bind, placementGenerate, score } = points;
  const whose = `for profile with scheduler name "${schedulerName}"`;
  if (queueSort.length !== 1) {
    const rule = `only one queue sort plugin required ${whose}, but got ${queueSort.length}`;
    report.add([...path, "plugins", "queueSort"], `invalid queueSort: ${rule}; enable PrioritySort alone`);
  }
  if (bind.length === 0) {
    const rule = `at least one bind plugin is needed ${whose}`;
    report.add([...path, "plugins", "bind"], `missing plugin: ${rule}; enable DefaultBinder`);
  }
  if (placementGenerate.length > 1) {
    const rule = `at most one placement generate plugin is allowed ${whose}`;
    report.add([...path, "plugins", "placementGenerate"], `invalid placementGenerate: ${rule}; keep one`);
  }
  const weights = score.reduce((sum, plugin) => sum + (plugin.weight || 1), 0);
  if (weights > GREATEST_SUM_OF_WEIGHTS) {
    const rule = "total score of Score plugins could overflow";
    const wayOut = `write weights with a sum of at most ${GREATEST_SUM_OF_WEIGHTS}`;
    report.add([...path, "plugins", "score"], `invalid weights: ${weights}, ${rule}; ${wayOut}`);
  }
}

function argsOf({ pluginConfig = [] }: DecodedProfile, path: Path, report: ProblemReport): PluginArgs {
  const names = new Set<string>();
  let all: PluginArgs = {};
  pluginConfig.forEach(({ name, args }, i) => {
    const at = [...path, "pluginConfig", i];
    if (name !== "" && names.has(name)) {
      report.add([...at, "name"], `duplicate pluginConfig: repeated config for plugin ${name}; keep one`);
    }
    names.add(name);
    all = { ...all, ...completePluginArgs(args, [...at, "args"], report) };
  });
  return all;
}
