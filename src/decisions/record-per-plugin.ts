import type { Cycle } from "../scheduler/plugin.ts";
import type { Profile } from "../scheduler/profile.ts";
import { recordedStatus } from "./record-search.ts";
import type { RecordedStatus } from "./recorded-case.ts";

/** The place of a plugin's PreFilter among its verdicts on nodes. */
const PRE_FILTER = "*";

/**
 * Plugin, then node, then the plugin's own verdict when it runs alone after its own PreFilter. Every node is judged, also
 * those outside the set to which PreFilter reduces a search; only rejections are listed.
 */
export function recordPerPlugin(
  cycle: Cycle,
  { plugins }: Profile,
): Record<string, Record<string, RecordedStatus>> {
  const verdicts: Record<string, Record<string, RecordedStatus>> = {};
  for (const { plugin } of plugins) {
    // A plugin may stand in a profile twice, first with its PreFilter alone; what that rejects is not filtered.
    if (verdicts[plugin.name] !== undefined) continue;
    const own: Record<string, RecordedStatus> = {};
    const early = plugin.preFilter?.(cycle);
    if (early !== undefined && "rejected" in early) {
      own[PRE_FILTER] = recordedStatus(early.rejected);
    } else {
      const judge = plugin.judge?.(cycle);
      if (judge === undefined) continue;
      for (const node of cycle.nodes.order) {
        const status = judge(node);
        if (status !== undefined) own[cycle.nodes.name(node)] = recordedStatus(status);
      }
    }
    if (Object.keys(own).length > 0) verdicts[plugin.name] = own;
  }
  return verdicts;
}
