import { InvariantViolation } from "../base/errors.ts";
import type { Cycle, Judge } from "../scheduler/plugin.ts";
import type { Profile } from "../scheduler/profile.ts";
import type { RecordedStatus } from "./recorded-case.ts";
import { recordedStatus } from "./recorded-status.ts";

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
        const status = verdictOf(plugin.name, judge, node);
        if (status !== undefined) own[cycle.nodes.name(node)] = status;
      }
    }
    if (Object.keys(own).length > 0) verdicts[plugin.name] = own;
  }
  return verdicts;
}

/** An error of the plugin stands here as its verdict, without the words that the cycle puts before it. */
function verdictOf(plugin: string, judge: Judge, node: number): RecordedStatus | undefined {
  try {
    const status = judge(node);
    return status && recordedStatus(status);
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
    const prefix = `running "${plugin}" filter plugin: `;
    const { message } = error;
    return { code: "Error", reasons: [message.startsWith(prefix) ? message.slice(prefix.length) : message] };
  }
}
