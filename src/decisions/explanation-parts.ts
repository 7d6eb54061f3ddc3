import type { Column } from "../cluster/column.ts";
import { CPU, MEMORY } from "../cluster/node-columns.ts";
import { compileLabelSelector } from "../kubernetes/label-selector.ts";
import { tolerates } from "../kubernetes/toleration.ts";
import type { Cycle } from "../scheduler/plugin.ts";
import type { RecordedScore } from "./recorded-case.ts";
import { taintText } from "./smallest-change-apply.ts";
import { roughText } from "./smallest-change-requests.ts";

type Parts = (cycle: Cycle, node: number, score: RecordedScore) => string | undefined;

const partsByPlugin: Readonly<Record<string, Parts>> = {
  NodeResourcesFit: allocation,
  NodeResourcesBalancedAllocation: balance,
  TaintToleration: softTaints,
  PodTopologySpread: spread,
  NodeAffinity: (_, __, { raw }) => `weights of matching terms: ${raw}`,
  InterPodAffinity: (_, __, { raw }) => `weights of matching pods' terms: ${raw}`,
  ImageLocality: images,
};

/** What a plugin's score of a node rests on, in words; undefined for plugins that nothing is known of. */
export function scoreParts(
  plugin: string,
  cycle: Cycle,
  node: number,
  score: RecordedScore,
): string | undefined {
  return partsByPlugin[plugin]?.(cycle, node, score);
}

/** What would be allocated of cpu and memory: containers that ask for nothing count as 100m and 200 MiB. */
function allocation({ pod, nodes }: Cycle, node: number): string {
  const of = (resource: number, name: string, taken: Column) =>
    used(name, taken[node] + pod.scoring.of(resource), nodes.allocatable[resource][node]);
  return `with the pod ${of(CPU, "cpu", nodes.nonZeroCpu)}, ${of(MEMORY, "memory", nodes.nonZeroMemory)}`;
}

function balance({ pod, nodes }: Cycle, node: number): string {
  const share = (resource: number): number => {
    const has = nodes.allocatable[resource][node];
    return has === 0 ? 1 : (nodes.requested[resource][node] + pod.demand.of(resource)) / has;
  };
  const percent = (resource: number) => `${Math.round(100 * Math.min(1, share(resource)))} %`;
  return `requested with the pod: cpu ${percent(CPU)}, memory ${percent(MEMORY)}`;
}

function used(name: string, amount: number, allocatable: number): string {
  const percent = allocatable === 0 ? "" : ` (${Math.round((100 * amount) / allocatable)} %)`;
  return `${name} ${roughText(name, amount)} of ${roughText(name, allocatable)}${percent}`;
}

function softTaints({ pod, nodes }: Cycle, node: number): string {
  const tolerations = pod.spec.tolerations ?? [];
  const soft = (nodes.object(node).spec?.taints ?? []).filter(
    (taint) =>
      taint.effect === "PreferNoSchedule" && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
  return soft.length === 0
    ? "no taint to avoid"
    : `untolerated: ${soft.map((taint) => taintText(taint).replace("=:", ":")).join(", ")}`;
}

/** Matching pods in the node's domain of each constraint that is a preference. */
function spread(cycle: Cycle, node: number): string | undefined {
  const soft = (cycle.pod.spec.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === "ScheduleAnyway",
  );
  const counts = soft.map(({ topologyKey = "", labelSelector }) => {
    const domain = cycle.nodes.label(topologyKey);
    const value = cycle.nodes.object(node).metadata?.labels?.[topologyKey];
    if (value === undefined) return `no ${topologyKey}`;
    const selector = compileLabelSelector(labelSelector);
    let matching = 0;
    for (const other of cycle.nodes.order) {
      if (domain[other] !== domain[node]) continue;
      for (const row of cycle.cluster.podsOn(other)) {
        const kind = cycle.cluster.kindOf(row);
        if (kind.namespace === cycle.pod.namespace && !kind.terminating && selector.matches(kind.labels))
          matching++;
      }
    }
    return `${matching} in ${topologyKey}=${value}`;
  });
  return counts.length === 0 ? undefined : `matching pods: ${counts.join(", ")}`;
}

function images({ pod, nodes }: Cycle, node: number): string {
  const here = new Set((nodes.object(node).status?.images ?? []).flatMap(({ names = [] }) => names));
  const asked = [...(pod.spec.initContainers ?? []), ...(pod.spec.containers ?? [])].flatMap(
    ({ image }) => image ?? [],
  );
  const found = asked.filter((image) => here.has(image) || here.has(`${image}:latest`));
  return found.length === 0 ? "none of the images there" : `images there: ${[...new Set(found)].join(", ")}`;
}
