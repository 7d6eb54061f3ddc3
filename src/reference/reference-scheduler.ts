import type { NodeSpec, PodTemplate } from "../cluster/specs.ts";
import type { NamespaceObject } from "../kubernetes/cluster-object.ts";
import { TIE_BREAKS, type TieBreak } from "../scheduler/profile.ts";
import { type Status, unresolvable } from "../scheduler/status.ts";
import { fitErrorMessage } from "./fit-error.ts";
import { NodeHistory } from "./node-history.ts";
import { prioritize } from "./prioritize.ts";
import type { PlacedPod, ReferenceCluster, ReferenceNode } from "./reference-plugin.ts";
import { pluginsOf, type UsedPlugin } from "./reference-plugins.ts";
import type { ReferencePolicy } from "./reference-policy.ts";
import type { PluginStatus, ReferenceRecord } from "./reference-record.ts";
import { nodesToFind, runPreFilter, search } from "./search.ts";
import { bestPlaces, selectHost } from "./select-host.ts";

/** A cluster, a pod, and where the search starts: all that one attempt depends on. */
export interface ReferenceInput {
  /** In the order in which they were added. */
  readonly nodes: readonly NodeSpec[];
  /** Pods assumed or bound. */
  readonly placed: readonly PlacedPod[];
  readonly pod: PodTemplate;
  readonly policy: ReferencePolicy;
  /** A place in node order (upstream: nextStartNodeIndex). */
  readonly nextStart: number;
  /** Names in visiting order; that of nodes just added when absent. See `NodeHistory`. */
  readonly order?: readonly string[];
  /** Sizes of images by name; those of nodes just added when absent. See `NodeHistory`. */
  readonly imageSizes?: ReadonlyMap<string, number>;
  /** None when absent. */
  readonly namespaces?: readonly NamespaceObject[];
  /** What chance reads: the seed, the pod's row, and which of its attempts this is; 0 when absent. */
  readonly seed?: number;
  readonly row?: number;
  readonly attempt?: number;
  /** Another rule for how many feasible nodes to look for. */
  readonly numFeasibleNodesToFind?: (percentage: number, candidates: number) => number;
}

/**
 * Schedules one pod the slow, obvious way: node by node, plugin by plugin, everything counted anew from the placed pods,
 * in int64 where kube-scheduler uses int64. It shares no plugin with the fast scheduler, so that the two check each other.
 *
 * @throws UserError when the policy names an unknown plugin
 */
export function referenceScheduler(input: ReferenceInput): ReferenceRecord {
  const { pod, policy, nextStart } = input;
  const plugins = pluginsOf(policy);
  const empty = {
    devices: [],
    filter: {},
    filterPerPlugin: {},
    skippedFilter: [],
    skippedScore: [],
    rejectors: [],
    wanted: 0,
    feasible: [],
    scores: {},
    totals: {},
    best: [],
    evaluated: 0,
    nextStart,
  };
  for (const { name, plugin } of plugins) {
    const status = plugin.preEnqueue?.(pod);
    if (status !== undefined) return { ...empty, outcome: "gated", preEnqueue: { ...status, plugin: name } };
  }
  const cluster = clusterOf(input);
  const { nodes } = cluster;
  if (nodes.length === 0) {
    return { ...empty, outcome: "unschedulable", message: "no nodes available to schedule pods" };
  }

  const preFiltered = runPreFilter(plugins, pod, cluster);
  const filterPerPlugin = verdictsPerPlugin(plugins, pod, cluster);
  const base = {
    ...empty,
    skippedFilter: preFiltered.skipped,
    rejectors: preFiltered.rejectors,
    filterPerPlugin,
  };
  if (preFiltered.rejected !== undefined) {
    return {
      ...base,
      outcome: "unschedulable",
      preFilter: preFiltered.rejected,
      message: fitErrorMessage(nodes.length, preFiltered.rejected, [], undefined),
    };
  }

  const { names } = preFiltered;
  const candidates = names === undefined ? nodes : nodes.filter(({ name }) => names.includes(name));
  const scores = plugins.some(({ plugin }) => plugin.score !== undefined);
  const rule = input.numFeasibleNodesToFind ?? nodesToFind;
  const wanted = scores ? rule(policy.percentageOfNodesToScore, candidates.length) : 1;
  const { feasible, rejected } = search(candidates, nextStart, wanted, (node) =>
    firstRejection(plugins, preFiltered.skipped, filterPerPlugin, node.name),
  );
  const evaluated = feasible.length + rejected.size;
  const searched = {
    ...base,
    ...(names !== undefined && { preFilterNodes: names }),
    ...(names === undefined && { visitStart: nodes[nextStart % nodes.length].name }),
    filter: Object.fromEntries(rejected),
    rejectors: inProfileOrder(plugins, [
      ...preFiltered.rejectors,
      ...[...rejected.values()].map(({ plugin }) => plugin),
    ]),
    wanted,
    feasible: feasible.map(({ name }) => name),
    evaluated,
    nextStart: (nextStart + evaluated) % nodes.length,
  };

  if (feasible.length === 0) {
    const absent =
      names === undefined
        ? undefined
        : unresolvable(`node(s) didn't satisfy plugin(s) [${[...preFiltered.rejectors].sort().join(" ")}]`);
    return {
      ...searched,
      outcome: "unschedulable",
      ...(absent !== undefined && candidates.length < nodes.length && { absentNodes: absent }),
      message: fitErrorMessage(nodes.length, undefined, [...rejected.values()], absent),
    };
  }
  if (feasible.length === 1) {
    const node = feasible[0];
    return {
      ...searched,
      outcome: "bound",
      node: node.name,
      scoringSkipped: true,
      devices: devicesOn(plugins, pod, node),
    };
  }

  const prioritized = prioritize(plugins, pod, feasible, cluster);
  const scored = { ...searched, scores: prioritized.scores, skippedScore: prioritized.skipped };
  if (prioritized.error !== undefined) return { ...scored, outcome: "error", error: prioritized.error };
  const { totals } = prioritized;
  const positions = feasible.map((node) => nodes.indexOf(node));
  const asker = { seed: input.seed ?? 0, row: input.row ?? 0, attempt: input.attempt ?? 0 };
  const picks = Object.fromEntries(
    TIE_BREAKS.map((tie) => [tie, feasible[selectHost(tie, totals, positions, asker)].name]),
  ) as Record<TieBreak, string>;
  const best = bestPlaces(totals).map((place) => feasible[place]);
  const chosen = nodes.find(({ name }) => name === picks[policy.tieBreak])!;
  return {
    ...scored,
    outcome: "bound",
    node: chosen.name,
    totals: Object.fromEntries(feasible.map(({ name }, i) => [name, Number(totals[i])])),
    best: nodes.filter((node) => best.includes(node)).map(({ name }) => name),
    picks,
    devices: devicesOn(plugins, pod, chosen),
  };
}

function clusterOf(input: ReferenceInput): ReferenceCluster {
  const history = new NodeHistory(input.nodes);
  const specs = new Map(input.nodes.map((spec) => [spec.object.metadata?.name ?? "", spec]));
  const nodes = (input.order ?? history.order()).map((name): ReferenceNode => {
    const spec = specs.get(name)!;
    return {
      name,
      object: spec.object,
      devices: spec.devices,
      pods: input.placed.filter((placed) => placed.node === name),
    };
  });
  return {
    nodes,
    imageSizes: input.imageSizes ?? history.imageSizes(),
    namespaces: input.namespaces ?? [],
  };
}

function firstRejection(
  plugins: readonly UsedPlugin[],
  skipped: readonly string[],
  verdicts: Readonly<Record<string, Readonly<Record<string, Status>>>>,
  node: string,
): PluginStatus | undefined {
  for (const { name } of plugins) {
    if (skipped.includes(name)) continue;
    const status = verdicts[name]?.[node];
    if (status !== undefined) return { ...status, plugin: name };
  }
  return undefined;
}

/** Each plugin alone, on every node. */
function verdictsPerPlugin(
  plugins: readonly UsedPlugin[],
  pod: PodTemplate,
  cluster: ReferenceCluster,
): Record<string, Record<string, Status>> {
  const verdicts: Record<string, Record<string, Status>> = {};
  for (const { name, plugin } of plugins) {
    if (plugin.filter === undefined) continue;
    const rejected: Record<string, Status> = {};
    for (const node of cluster.nodes) {
      const status = plugin.filter(pod, node, cluster);
      if (status !== undefined) rejected[node.name] = status;
    }
    verdicts[name] = rejected;
  }
  return verdicts;
}

function inProfileOrder(plugins: readonly UsedPlugin[], names: readonly string[]): string[] {
  return plugins.map(({ name }) => name).filter((name) => names.includes(name));
}

function devicesOn(plugins: readonly UsedPlugin[], pod: PodTemplate, node: ReferenceNode): number[] {
  return (
    plugins.find(({ plugin }) => plugin.takeDevices !== undefined)?.plugin.takeDevices?.(pod, node) ?? []
  );
}
