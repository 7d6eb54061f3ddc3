import type { Status } from "../scheduler/status.ts";

/** kube-scheduler's sentence about a pod that no node takes (framework/types.go, FitError). */
export function fitErrorMessage(
  nodeCount: number,
  preFilter: Status | undefined,
  rejected: readonly Pick<Status, "reasons">[],
  absent: Status | undefined,
): string {
  const head = `0/${nodeCount} nodes are available:`;
  if (preFilter !== undefined) return `${head} ${preFilter.reasons.join(", ")}.`;
  const counts = new Map<string, number>();
  const count = (status: Pick<Status, "reasons">, nodes: number): void => {
    for (const reason of status.reasons) counts.set(reason, (counts.get(reason) ?? 0) + nodes);
  };
  for (const status of rejected) count(status, 1);
  const absentNodes = nodeCount - rejected.length;
  if (absent !== undefined && absentNodes > 0) count(absent, absentNodes);
  const parts = [...counts].map(([reason, nodes]) => `${nodes} ${reason}`).sort();
  return parts.length === 0 ? head : `${head} ${parts.join(", ")}.`;
}
