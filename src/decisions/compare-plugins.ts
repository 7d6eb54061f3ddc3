import { askPlugin } from "../reference/asked-plugin.ts";
import type { Cycle, Plugin } from "../scheduler/plugin.ts";
import { defineProfile } from "../scheduler/profile.ts";
import { CaseCluster } from "./case-cluster.ts";
import { isQueueScript, type RecordedCase, readCases } from "./recorded-case.ts";
import { RecordedComparison, standsInPlace } from "./recorded-plugin.ts";
import { reserveRecorded } from "./reserve-recorded.ts";

/**
 * Every attempt of a file of recorded cases put before single plugins: what each says alone of each node, its scores, its
 * promises. By the plugins' names.
 * @param pluginsOf the plugins as a case has them configured
 @internal */
export async function comparePlugins(
  file: string,
  pluginsOf: (recorded: RecordedCase) => readonly Plugin[],
): Promise<ReadonlyMap<string, RecordedComparison>> {
  const comparisons = new Map<string, RecordedComparison>();
  for (const recorded of await readCases(file)) {
    if (!isQueueScript(recorded)) compareCase(recorded, pluginsOf(recorded), comparisons);
  }
  return comparisons;
}

/** Each plugin is asked for itself: nothing else of a profile matters. */
const ALONE = { name: "alone", description: "plugins one by one", plugins: [] };

function compareCase(
  recorded: RecordedCase,
  plugins: readonly Plugin[],
  comparisons: Map<string, RecordedComparison>,
): void {
  const state = new CaseCluster(recorded);
  const { cluster } = state;
  const profile = defineProfile({ ...ALONE, plugins: plugins.map((plugin) => ({ plugin })) });
  for (const record of recorded.expected) {
    const row = state.row(record.pod);
    const cycle: Cycle = { pod: state.kind(row), row, nodes: cluster.nodes, cluster };
    const nodes = Array.from(cluster.nodes.order, (node) => cluster.nodes.name(node));
    for (const plugin of plugins) {
      const { name } = plugin;
      const comparison = comparisons.get(name) ?? new RecordedComparison();
      comparisons.set(name, comparison);
      comparison.compareGate(plugin.preEnqueue?.(cycle.pod, cluster.objects), name, record);
      // Without any node no plugin is asked.
      if (record.outcome === "gated" || nodes.length === 0) continue;
      const standing = { name, inPlace: standsInPlace(recorded, name) };
      comparison.compare(askPlugin(plugin, cycle), standing, record, nodes);
    }
    reserveRecorded(state, profile, record);
    state.follow(record);
  }
}
