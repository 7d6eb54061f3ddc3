import type { PodKind } from "../cluster/pod-kind.ts";
import type { TopologySpreadConstraint, UnsatisfiableAction } from "../kubernetes/affinity.ts";
import type { TolerationOptions } from "../kubernetes/toleration.ts";
import type { SignFragments } from "../scheduler/batching/sign.ts";
import { type Cycle, definePlugin, type Plugin } from "../scheduler/plugin.ts";
import { keepWhere } from "../scheduler/selection.ts";
import type { SelectingObjects } from "./topology-spread/default-selector.ts";
import { DomainCounts } from "./topology-spread/domain-counts.ts";
import {
  type DefaultConstraints,
  type SpreadConstraints,
  spreadConstraints,
} from "./topology-spread/spread-constraints.ts";
import { onAllIncluded, onCarriersOfAll, SpreadCounts } from "./topology-spread/spread-counts.ts";
import { type SpreadNodes, spreadNodes } from "./topology-spread/spread-nodes.ts";
import { SpreadScore } from "./topology-spread/spread-score.ts";
import { type CountedSpread, SpreadStanding } from "./topology-spread/spread-standing.ts";

/** PodTopologySpreadArgs of kubescheduler.config.k8s.io/v1. */
export interface PodTopologySpreadArgs {
  /** For pods without constraints of their own, with `List`; selectors are deduced for each pod. */
  readonly defaultConstraints: readonly TopologySpreadConstraint[];
  /** `System`: softly by hostname (skew 3) and zone (skew 5). */
  readonly defaultingType: "System" | "List";
}

const SYSTEM_DEFAULTS: DefaultConstraints = {
  constraints: [
    { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 3 },
    { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 5 },
  ],
  requireAll: false,
};

/** A pod's constraints with one action, and whether only nodes with all keys count. */
interface Spread {
  readonly nodes: SpreadNodes;
  readonly requireAll: boolean;
}

/** What is known of a pod kind and one action, until services, owners or nodes change. */
interface Known extends SelectingObjects {
  readonly constraints: SpreadConstraints | undefined;
  epoch: number;
  nodes: SpreadNodes | undefined;
}

/**
 * Spreads pods over the domains of node labels: hard constraints filter, soft ones score (upstream: plugins/podtopologyspread).
 * Pods are counted from the log of placements, and only for pods that have constraints.
 * @param args the system's defaults when absent
 * @param options how taints are tolerated under `nodeTaintsPolicy: Honor`
 */
export function podTopologySpread(args?: PodTopologySpreadArgs, options: TolerationOptions = {}): Plugin {
  const defaults: DefaultConstraints =
    args?.defaultingType === "List"
      ? { constraints: args.defaultConstraints, requireAll: true }
      : SYSTEM_DEFAULTS;
  const hard = rememberedSpread("DoNotSchedule", defaults, options);
  const soft = rememberedSpread("ScheduleAnyway", defaults, options);
  const hardPods = new SpreadCounts(onCarriersOfAll);
  const softPods = new SpreadCounts(onAllIncluded);
  const softPodsOnCarriers = new SpreadCounts(onCarriersOfAll);
  const counting = (
    cycle: Cycle,
    spread: Spread | undefined,
    pods: SpreadCounts,
  ): CountedSpread | undefined => spread && { ...spread, counts: pods.kept(cycle, spread.nodes) };
  const countedSoft = (cycle: Cycle): CountedSpread | undefined => {
    const spread = soft(cycle);
    return counting(cycle, spread, spread?.requireAll === true ? softPodsOnCarriers : softPods);
  };
  /** Upstream's CycleState: filter, judge and every whatIf begin with the same counts. */
  const counted = new WeakMap<Cycle, DomainCounts>();
  const countsOf = (cycle: Cycle): DomainCounts | undefined => {
    const known = counted.get(cycle);
    if (known !== undefined) return known;
    const spread = hard(cycle);
    if (spread === undefined) return undefined;
    const counts = DomainCounts.of(spread.nodes, hardPods.kept(cycle, spread.nodes).keys);
    counted.set(cycle, counts);
    return counts;
  };
  const filter: Plugin["filter"] = (cycle) => {
    const counts = countsOf(cycle);
    return counts && keepWhere(counts.keeps());
  };
  const score: Plugin["score"] = (cycle) => {
    const spread = cycle.nodes.order.length === 0 ? undefined : countedSoft(cycle);
    if (spread === undefined) return undefined;
    const scoring = new SpreadScore(spread.nodes, spread.counts.keys, spread.requireAll);
    return {
      score: (feasible, scores) => scoring.raw(feasible, scores),
      normalizeScore: (scores, feasible) => scoring.normalize(feasible, scores),
    };
  };
  return definePlugin({
    name: "PodTopologySpread",
    standing: {
      insteadOf: { filter, score },
      of: (cycle) => new SpreadStanding(cycle, counting(cycle, hard(cycle), hardPods), countedSoft(cycle)),
    },
    filter,
    judge(cycle) {
      const counts = countsOf(cycle);
      return counts && ((node) => counts.judge(node));
    },
    whatIf(cycle) {
      const counts = countsOf(cycle)?.clone();
      return (
        counts && {
          judge: (node) => counts.judge(node),
          addPod: (_, pod, node) => counts.change(node, pod, 1),
          removePod: (_, pod, node) => counts.change(node, pod, -1),
        }
      );
    },
    // With default constraints upstream declines every pod, so that no profile with them can sign any.
    ...(defaults.constraints.length === 0 && { sign: signWithoutConstraints }),
    score,
  });
}

/** The constraints of a pod with one action and what the nodes are to them; undefined when it has none. */
function rememberedSpread(
  action: UnsatisfiableAction,
  defaults: DefaultConstraints,
  options: TolerationOptions,
): (cycle: Cycle) => Spread | undefined {
  const known = new WeakMap<PodKind, Known>();
  return (cycle) => {
    const { services, owners } = cycle.cluster.objects;
    let entry = known.get(cycle.pod);
    if (entry === undefined || entry.services !== services || entry.owners !== owners) {
      const constraints = spreadConstraints(cycle.pod, action, defaults, cycle.cluster.objects);
      entry = { services, owners, constraints, epoch: -1, nodes: undefined };
      known.set(cycle.pod, entry);
    }
    const { constraints } = entry;
    if (constraints === undefined) return undefined;
    if (entry.nodes === undefined || entry.epoch !== cycle.nodes.epoch) {
      entry.nodes = spreadNodes(cycle, constraints, options);
      entry.epoch = cycle.nodes.epoch;
    }
    return { nodes: entry.nodes, requireAll: constraints.requireAll };
  };
}

function signWithoutConstraints({
  spec: { topologySpreadConstraints = [] },
}: PodKind): SignFragments | "declines" {
  return topologySpreadConstraints.length === 0 ? {} : "declines";
}
