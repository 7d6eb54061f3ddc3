import { type ExtensionPoint, registry } from "../plugins/registry.ts";
import type { EnabledPlugin } from "./configuration.ts";
import type { PluginSet } from "./merge-plugins.ts";
import type { ProblemReport } from "./problem-report.ts";

/**
 * The plugins that run at one extension point, in order: those of multiPoint that the point names itself, in the point's
 * order; the others of multiPoint; the rest that the point names (upstream: framework/runtime/framework.go,
 * expandMultiPointPlugins). Names that nobody knows are left out; they are complained of elsewhere.
 */
export function expandPlugins(
  point: ExtensionPoint,
  explicit: PluginSet,
  multiPoint: readonly EnabledPlugin[],
  report: ProblemReport,
): EnabledPlugin[] {
  const own = distinct(point, explicit.enabled, report);
  for (const { name, path = [] } of own) {
    if (registry.get(name)?.points.includes(point) !== false) continue;
    report.invalid(
      [...path, "name"],
      name,
      `plugin "${name}" does not extend ${point} plugin`,
      "remove it there",
    );
  }
  if (explicit.disabled.includes("*")) return own.filter(({ name }) => registry.has(name));
  const named = new Set(own.map(({ name }) => name));
  const here = distinct(
    point,
    multiPoint.filter(
      ({ name }) => registry.get(name)?.points.includes(point) === true && !explicit.disabled.includes(name),
    ),
    report,
  );
  const spread = new Set(here.map(({ name }) => name));
  return [
    ...own.filter(({ name }) => spread.has(name)),
    ...here.filter(({ name }) => !named.has(name)),
    ...own.filter(({ name }) => !spread.has(name) && registry.has(name)),
  ];
}

function distinct(
  point: ExtensionPoint,
  plugins: readonly EnabledPlugin[],
  report: ProblemReport,
): EnabledPlugin[] {
  const known = new Set<string>();
  return plugins.filter(({ name, path = [] }) => {
    if (!known.has(name)) {
      known.add(name);
      return true;
    }
    const rule = `plugin "${name}" already registered as "${point}"`;
    // A name that multiPoint has twice is twice at each of its points; one complaint will do.
    if (!report.problems.some((problem) => problem.path.slice(0, -1).join() === path.join())) {
      report.invalid([...path, "name"], name, rule, "keep one");
    }
    return false;
  });
}
