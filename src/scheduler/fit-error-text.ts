/** What a verdict on nodes needs to be counted. */
interface Reasoned {
  readonly reasons?: readonly string[];
}

/**
 * kube-scheduler's sentence about a pod that no node takes, without what PostFilter adds (pkg/scheduler/framework/types.go:
 * FitError). Counts are sorted as text, so that "10 x" comes before "2 y".
 */
export function fitErrorText(
  nodeCount: number,
  rejected: readonly Reasoned[],
  {
    preFilter,
    absent,
  }: { readonly preFilter?: Reasoned | undefined; readonly absent?: Reasoned | undefined },
): string {
  const head = `0/${nodeCount} nodes are available:`;
  if (preFilter !== undefined) return `${head} ${(preFilter.reasons ?? []).join(", ")}.`;
  const counts = new Map<string, number>();
  const add = ({ reasons = [] }: Reasoned, nodes: number): void => {
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + nodes);
  };
  for (const status of rejected) add(status, 1);
  if (absent !== undefined && nodeCount > rejected.length) add(absent, nodeCount - rejected.length);
  const parts = [...counts].map(([reason, nodes]) => `${nodes} ${reason}`).sort();
  return parts.length === 0 ? head : `${head} ${parts.join(", ")}.`;
}
