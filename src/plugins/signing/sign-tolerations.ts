import type { PodKind } from "../../cluster/pod-kind.ts";
import type { SignFragments } from "../../scheduler/batching/sign.ts";

/** The pod's tolerations, sorted by key and value alone, as upstream sorts them. */
export function signTolerations({ spec: { tolerations = [] } }: PodKind): SignFragments {
  const order = ({ key = "", value = "" }: (typeof tolerations)[number]) => `${key}\u0000${value}`;
  return {
    "v1.Pod.Spec.Tolerations": [...tolerations].sort((a, b) => compare(order(a), order(b))),
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
