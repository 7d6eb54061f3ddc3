import type { Profile } from "../scheduler/profile.ts";
import type { CaseCluster } from "./case-cluster.ts";
import type { DecisionRecord } from "./recorded-case.ts";

/** What Reserve promised to a pod that was bound: later attempts see it. */
export function reserveRecorded(
  state: CaseCluster,
  { plugins }: Profile,
  { pod, outcome, node: name }: DecisionRecord,
): void {
  const { cluster } = state;
  const node = name === undefined ? undefined : cluster.nodes.rowOf(name);
  if (outcome !== "bound" || node === undefined) return;
  const row = state.row(pod);
  for (const { plugin } of plugins) {
    // A plugin that rejected the recorded node has nothing to promise there; the difference is reported already.
    const cycle = { pod: state.kind(row), row, nodes: cluster.nodes, cluster };
    if (plugin.reserve === undefined || plugin.judge?.(cycle)?.(node) !== undefined) continue;
    cluster.objects = plugin.reserve(cycle, node);
  }
}
