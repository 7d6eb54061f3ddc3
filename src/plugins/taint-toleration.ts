import type { Taint } from "../kubernetes/taint.ts";
import { type Toleration, tolerates } from "../kubernetes/toleration.ts";
import { defaultNormalizeScore } from "../scheduler/normalize.ts";
import { type Cycle, everyNode, type Plugin, zeroForEveryNode } from "../scheduler/plugin.ts";
import { rememberedPerCluster, rememberedPerKind } from "../scheduler/remembered.ts";
import { keepWhere } from "../scheduler/selection.ts";
import { unresolvable } from "../scheduler/status.ts";
import { signTolerations } from "./signing/sign-tolerations.ts";

const UNTOLERATED = unresolvable("node(s) had untolerated taint(s)");

export interface TaintTolerationOptions {
  /** The feature gate TaintTolerationComparisonOperators: tolerations with `Lt` and `Gt` count. Off by default. */
  readonly comparisonOperators?: boolean;
}

/** Rejects nodes with taints that the pod does not tolerate, and avoids soft ones (upstream: plugins/tainttoleration). */
export function taintToleration(options: TaintTolerationOptions = {}): Plugin {
  const bears = (tolerations: readonly Toleration[], taint: Taint): boolean =>
    tolerations.some((toleration) => tolerates(toleration, taint, options));

  /** By distinct list of taints: 1 when the pod bears all that forbid it the node. */
  const bearable = rememberedPerKind(({ pod, nodes }: Cycle) => {
    const tolerations = pod.spec.tolerations ?? [];
    return Uint8Array.from(nodes.taintSets, (taints) =>
      taints.every((taint) => !forbids(taint) || bears(tolerations, taint)) ? 1 : 0,
    );
  });

  /** By distinct list of taints: how many that would rather be avoided the pod does not bear. */
  const avoidable = rememberedPerKind(({ pod, nodes }: Cycle) => {
    const tolerations = (pod.spec.tolerations ?? []).filter(
      ({ effect }) => effect === undefined || effect === "" || effect === "PreferNoSchedule",
    );
    return Int32Array.from(
      nodes.taintSets,
      (taints) =>
        taints.filter((taint) => taint.effect === "PreferNoSchedule" && !bears(tolerations, taint)).length,
    );
  });

  return {
    name: "TaintToleration",
    reads: "object",
    filter(cycle) {
      if (!taintsOf(cycle.nodes).forbidding) return everyNode;
      const verdicts = bearable(cycle);
      if (verdicts.every((verdict) => verdict === 1)) return everyNode;
      const { taintSet } = cycle.nodes;
      return keepWhere((node) => verdicts[taintSet[node]] === 1);
    },
    judge(cycle) {
      const verdicts = bearable(cycle);
      const { taintSet } = cycle.nodes;
      return (node) => (verdicts[taintSet[node]] === 1 ? undefined : UNTOLERATED);
    },
    score(cycle) {
      if (!taintsOf(cycle.nodes).toAvoid) return zeroForEveryNode;
      const counts = avoidable(cycle);
      const { taintSet } = cycle.nodes;
      return ({ rows, length }, scores) => {
        for (let i = 0; i < length; i++) scores[i] = counts[taintSet[rows[i]]]!;
      };
    },
    normalizeScore: defaultNormalizeScore(true),
    sign: signTolerations,
    eventsToRegister: ["NodeAdd", "NodeUpdate"],
  };
}

function forbids(taint: Taint): boolean {
  return taint.effect === "NoSchedule" || taint.effect === "NoExecute";
}

/** Whether some node has a taint of either kind. */
const taintsOf = rememberedPerCluster(({ order, taintSet, taintSets }) => {
  const isPresent = new Uint8Array(taintSets.length);
  for (let row = 0; row < order.length; row++) isPresent[taintSet[order[row]]] = 1;
  const present = taintSets.filter((_, set) => isPresent[set] === 1).flat();
  return {
    forbidding: present.some(forbids),
    toAvoid: present.some(({ effect }) => effect === "PreferNoSchedule"),
  };
});
